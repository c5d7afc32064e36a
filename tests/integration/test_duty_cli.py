"""`milepost duty`: a school sets who is told, from the command line (S15)."""

from __future__ import annotations

import pytest
from little_school import LittleSchool
from typer.testing import CliRunner, Result

from pathways.cli.doctor import on_duty
from pathways.cli.main import app
from pathways.services import duty
from pathways.settings import SECRETS, variable

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def machine(little: LittleSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    names = (*SECRETS, "demo_password", "database_url", "var_dir", "gazetteer_path")
    for name in names:
        value = str(getattr(little.milepost.settings, name))
        monkeypatch.setenv(variable(name), value)


def run(*words: str) -> Result:
    return RUNNER.invoke(app, ["duty", *words, "--school", "north"])


def test_a_list_is_set_shown_and_changed_in_parts(little: LittleSchool) -> None:
    assert "No duty list is set" in run("show").output
    people = ("--person", "advisor=a@north.example", "--person", "counselor")
    done = run("set", *people, "--opens", "07:45", "--days", "Mon, wed")
    assert done.exit_code == 0, done.output
    run("set", "--closed", "2026-11-27,2026-11-26", "--naming", "initials")
    shown = run("show").output.splitlines()
    assert shown == [
        "1\tAdvisor Test (advisor)\ta@north.example",
        "2\tCounselor Test (counselor)\tno e-mail",
        "mon,wed\t07:45-15:00",
        "closed\t2026-11-26,2026-11-27",
        "naming\tinitials",
        "webhook\tnone",
    ]
    found = duty.view_duty(little.milepost, little["admin"])
    assert [*found.members] == [little["advisor"].id, little["counselor"].id]
    far = duty.view_duty(little.milepost, little["far_admin"])
    assert not far.is_set


@pytest.mark.parametrize(
    "wrong",
    [
        ("--person", "nobody"),
        ("--person", "student"),
        ("--person", "far_counselor"),
        ("--person", "counselor=no-address"),
        ("--opens", "8"),
        ("--days", "someday"),
        ("--webhook", "http://hooks.example/"),
    ],
)
def test_what_can_not_work_is_refused_in_plain_words(
    wrong: tuple[str, str], little: LittleSchool
) -> None:
    done = run("set", *wrong)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert not duty.view_duty(little.milepost, little["admin"]).is_set


def test_the_doctor_says_when_nobody_would_be_told(little: LittleSchool) -> None:
    def ill() -> list[str]:
        return [one.advice for one in on_duty(little.milepost) if not one.is_well]

    assert ill() == [
        "Set it with: milepost duty set --school north",
        "Set it with: milepost duty set --school south",
    ]
    run("set", "--person", "counselor=c@north.example")
    assert ill() == [
        "Set MILEPOST_SMTP_URL and MILEPOST_MAIL_FROM.",
        "Set it with: milepost duty set --school south",
    ]
