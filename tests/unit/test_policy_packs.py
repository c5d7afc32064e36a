"""Policy packs: checked data, cited rules, and their own test cases (O11)."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from content.assistant import ROOT
from reading import flesch_kincaid, sentences

from pathways.demo.generate import STARTER
from pathways.domain.catalog import CreditOption
from pathways.domain.district import District
from pathways.domain.experience import Allowed, Bucket, pair_for
from pathways.domain.pack_cases import answer
from pathways.domain.policy import Case, Pack, Policy, Rule
from pathways.formats.catalog_csv import read_folder
from pathways.services.policy import FOLDER, PACKS, read_pack, state_pack

STATES = sorted(PACKS)
NAMES = re.compile(
    r"OhioMeansJobs-Readiness|OhioMeansJobs|College Credit Plus|Industry-Recognized|"
    r"physical education|opportunity|counselors?|graduate|semester|credential|"
    r"insurance|entitlement|personalized|internships?"
)


def pack_of(state: str) -> Pack:
    found = state_pack(state)
    assert found is not None
    return found


def cases() -> list[tuple[str, Case]]:
    return [(state, case) for state in STATES for case in pack_of(state).cases]


def rules() -> list[Rule]:
    return [rule for state in STATES for rule in pack_of(state).rules]


@pytest.mark.parametrize(
    ("state", "case"), cases(), ids=lambda one: getattr(one, "name", one)
)
def test_a_case_of_a_pack_passes(state: str, case: Case) -> None:
    assert answer(pack_of(state), case) == case.expect


@pytest.mark.parametrize("state", STATES)
def test_every_citation_resolves_to_a_title_and_a_section(state: str) -> None:
    pack = pack_of(state)
    for rule in pack.rules:
        source = pack.sources[rule.citation]
        assert len(source.title) > 3, rule.id
        assert len(source.section) > 1, rule.id
    assert {rule.citation for rule in pack.rules} == set(pack.sources)


def test_the_packs_hold_what_the_design_names() -> None:
    ohio = pack_of("OH")
    seals = [rule for rule in ohio.rules if rule.values.get("seal")]
    assert len(seals) == 12
    assert sum(rule.values["defined_by"] == "state" for rule in seals) == 9
    assert len(ohio.rules) >= 54
    topics = {rule.topic for rule in ohio.rules}
    assert topics >= {
        "credit_flexibility",
        "graduation",
        "college_credit_plus",
        "work_based_learning",
    }
    assert set(STATES) == {"CT", "NH", "OH", "VT"}
    tried = {case.rule for case in ohio.cases}
    assert {rule.id for rule in seals} <= tried


def test_the_page_says_how_many_rules_were_not_checked() -> None:
    page = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    told = {
        topic: (int(every), int(unsure))
        for topic, every, unsure in re.findall(
            r"^\| ([a-z -]+) \| (\d+) \| (\d+) \|", page, re.M
        )
    }
    named = {
        "credit flexibility": "credit_flexibility",
        "graduation and seals": "graduation",
        "college credit plus": "college_credit_plus",
        "work-based learning": "work_based_learning",
        "student records": "student_records",
    }
    found = {
        words: (
            sum(rule.topic == topic for rule in pack_of("OH").rules),
            sum(
                rule.topic == topic and not rule.verified
                for rule in pack_of("OH").rules
            ),
        )
        for words, topic in named.items()
    }
    assert told == found


def broken(tmp_path: Path, **changes: object) -> Path:
    """A copy of a small pack with its first rule changed; None takes a key out."""
    folder = tmp_path / "connecticut"
    shutil.copytree(FOLDER / "connecticut", folder)
    file = folder / "pack.yml"
    pack = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name, value in changes.items():
        if value is None:
            pack["rules"][0].pop(name, None)
        else:
            pack["rules"][0][name] = value
    file.write_text(yaml.safe_dump(pack), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"citation": None}, "citation"),
        ({"citation": ""}, "citation"),
        ({"citation": "no_such_source"}, "no source is called"),
        ({"verified": False}, "say what is unverified"),
        ({"verified": False, "unverified": "Local."}, "sends to a counselor"),
        ({"id": "ohio.mastery.ways"}, "begin with connecticut"),
        ({"id": "connecticut.mastery.local_credit"}, "defined twice"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_broken_rule_does_not_load(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=said):
        read_pack(broken(tmp_path, **change))


@pytest.mark.parametrize("name", ["title", "section"])
def test_a_source_without_title_or_section_does_not_load(
    name: str, tmp_path: Path
) -> None:
    folder = broken(tmp_path)
    file = folder / "pack.yml"
    pack = yaml.safe_load(file.read_text(encoding="utf-8"))
    pack["sources"]["pa_17_42"].pop(name)
    file.write_text(yaml.safe_dump(pack), encoding="utf-8")
    with pytest.raises(ValueError, match=name):
        read_pack(folder)


def test_credit_options_of_the_catalog_name_rules_that_exist() -> None:
    ohio = pack_of("OH")
    options = [one.entry for one in read_folder(STARTER).placed]
    named = {one.policy_rule for one in options if isinstance(one, CreditOption)}
    assert named - {""} - set(ohio.by_id) == set()


def test_a_blank_overlay_decides_nothing_and_an_unknown_name_is_refused() -> None:
    blank = Policy(pack=pack_of("OH"))
    assert blank.district.appeal.to is None
    found = pair_for(Bucket.CREDIT, Bucket.SEAL, blank.counting)
    assert found.allowed is Allowed.COUNSELOR
    with pytest.raises(ValueError, match="dead_line"):
        District.model_validate({"dead_line": "05-01"})
    with pytest.raises(ValueError, match="credit_flex_fall"):
        District.model_validate({"deadlines": {"credit_flex_fall": "13-01"}})


def test_the_version_names_pack_and_overlay() -> None:
    ohio = pack_of("OH")
    assert Policy(pack=ohio).version == f"ohio {ohio.version}"
    assert Policy(pack=ohio, overlay_number=3).version.endswith(" +3")
    assert Policy(pack=None).version == "none 0"


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    rule = (
        pack_of("OH")
        .rules[0]
        .model_copy(
            update={
                "effective_from": date(2025, 7, 1),
                "effective_to": date(2026, 6, 30),
            }
        )
    )
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [rule.applies(2027, day) for day in days] == [False, True, True, False]


def plain(text: str) -> str:
    return NAMES.sub("it", " ".join(text.split()))


@pytest.mark.parametrize("rule", rules(), ids=lambda one: one.id)
def test_a_rule_is_told_in_plain_words(rule: Rule) -> None:
    assert all(len(words) <= 20 for words in sentences(plain(rule.text))), rule.text
    assert flesch_kincaid(plain(rule.text)) <= 8.0, rule.text


def test_no_pack_is_left_unread() -> None:
    assert {one.name for one in FOLDER.iterdir() if one.is_dir()} == set(PACKS.values())
    assert (ROOT / "pathways" / "policies") == FOLDER
