import os
from pathlib import Path

import pytest
from dotenv import dotenv_values

from pathways.settings import (
    ROOT,
    SECRETS,
    Mode,
    Settings,
    SettingsError,
    loopback,
    variable,
)

STRONG = {
    "MILEPOST_CHANNEL_SECRET": "kV3r-9tQz_Lw2pXm8aBn5cYd7eHf0gJi",
    "MILEPOST_ACTION_TOKEN": "Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
    "MILEPOST_SESSION_SECRET": "Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
}
SCHOOL = STRONG | {"MILEPOST_MODE": "school", "MILEPOST_KEY_FILE": "/far/keys.json"}
LOCAL = STRONG | {"MILEPOST_DEMO_PASSWORD": "river-stone"}


@pytest.fixture(autouse=True)
def no_outer_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MILEPOST_")]:
        monkeypatch.delenv(name)


def write(path: Path, values: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "var" / "local.env", LOCAL)
    return tmp_path


def test_a_local_project_starts_with_defaults(project: Path) -> None:
    settings = Settings.load(project)

    assert settings.mode is Mode.LOCAL
    assert settings.port == 8000
    assert settings.demo is True
    assert settings.demo_password == "river-stone"
    assert settings.zone.key == "America/New_York"


def test_environment_wins_over_dot_env_which_wins_over_local_env(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "var" / "local.env", LOCAL | {"MILEPOST_PORT": "1001"})
    assert Settings.load(project).port == 1001

    write(project / ".env", {"MILEPOST_PORT": "1002"})
    assert Settings.load(project).port == 1002

    monkeypatch.setenv("MILEPOST_PORT", "1003")
    assert Settings.load(project).port == 1003


def test_an_empty_value_counts_as_not_set(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILEPOST_PORT", "")
    monkeypatch.setenv("MILEPOST_NOW", "")

    settings = Settings.load(project)

    assert settings.port == 8000
    assert settings.now is None


def test_relative_places_start_at_the_project(project: Path) -> None:
    settings = Settings.load(project)

    assert settings.database_url == f"sqlite:///{project}/var/milepost.db"
    assert settings.tracker_url == f"sqlite:///{project}/var/rasa.db"
    assert settings.gazetteer_path == project / "var" / "gazetteer.json"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///:memory:",
        "sqlite:////srv/milepost.db",
        "postgresql+psycopg://milepost@db/milepost",
    ],
)
def test_other_database_addresses_stay_as_they_are(
    project: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MILEPOST_DATABASE_URL", url)

    assert Settings.load(project).database_url == url


def test_missing_local_secrets_are_named_with_the_way_to_get_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsError, match="MILEPOST_CHANNEL_SECRET.*make run"):
        Settings.load(tmp_path)


def test_secrets_follow_the_var_folder(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "elsewhere" / "local.env", LOCAL | {"MILEPOST_PORT": "1004"})
    monkeypatch.setenv("MILEPOST_VAR_DIR", str(tmp_path / "elsewhere"))

    assert Settings.load(project).port == 1004


def test_school_mode_takes_strong_secrets(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / ".env", SCHOOL)

    settings = Settings.load(project)

    assert settings.mode is Mode.SCHOOL
    assert settings.demo is False


@pytest.mark.parametrize("name", [variable(name) for name in SECRETS])
@pytest.mark.parametrize("value", ["", "short", "x" * 40], ids=["no", "short", "x"])
def test_school_mode_refuses_a_weak_secret_and_names_it(
    project: Path, name: str, value: str
) -> None:
    write(project / ".env", SCHOOL | {name: value})

    with pytest.raises(SettingsError, match=name) as refusal:
        Settings.load(project)

    others = [other for other in STRONG if other != name]
    assert not any(other in str(refusal.value) for other in others)


def test_school_mode_never_takes_secrets_that_the_first_run_made(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILEPOST_MODE", "School")

    with pytest.raises(SettingsError, match="MILEPOST_ACTION_TOKEN"):
        Settings.load(project)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MILEPOST_DEMO", "true", "MILEPOST_DEMO"),
        ("MILEPOST_NOW", "2026-09-01T08:00:00Z", "MILEPOST_NOW"),
        (
            "MILEPOST_ACTION_TOKEN",
            STRONG["MILEPOST_SESSION_SECRET"],
            "differ from each other",
        ),
    ],
)
def test_school_mode_refuses_what_belongs_to_trials(
    project: Path, name: str, value: str, said: str
) -> None:
    write(project / ".env", SCHOOL | {name: value})

    with pytest.raises(SettingsError, match=said):
        Settings.load(project)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MILEPOST_PORT", "eighty"),
        ("MILEPOST_PORT", "70000"),
        ("MILEPOST_TIMEZONE", "Ohio"),
        ("MILEPOST_RASA_WORKERS", "0"),
        ("MILEPOST_RASA_URLS", " , "),
        ("MILEPOST_NOW", "2026-09-01T08:00:00"),
        ("MILEPOST_MODE", "home"),
    ],
)
def test_an_unusable_value_is_refused_by_name(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        Settings.load(project)


def test_secrets_appear_neither_in_texts_nor_in_errors(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = repr(Settings.load(project)) + str(Settings.load(project))
    monkeypatch.setenv("MILEPOST_PORT", "0")
    monkeypatch.setenv("MILEPOST_MODE", "school")
    with pytest.raises(SettingsError) as refusal:
        Settings.load(project)

    for secret in LOCAL.values():
        assert secret not in shown
        assert secret not in str(refusal.value)


def test_rasa_addresses_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILEPOST_RASA_URLS", "http://a:1, http://b:2,")

    assert Settings().rasa_urls == ("http://a:1", "http://b:2")


def test_rasa_calls_the_actions_at_the_pages_unless_told_otherwise() -> None:
    open_to_all = Settings(host="0.0.0.0", port=8123)
    assert open_to_all.action_endpoint == "http://127.0.0.1:8123/internal/actions"

    elsewhere = Settings(action_url="http://app.internal/actions")
    assert elsewhere.action_endpoint == "http://app.internal/actions"


@pytest.mark.parametrize(
    ("host", "reached"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("10.0.0.5",) * 2],
)
def test_this_machine_reaches_every_listening_address(host: str, reached: str) -> None:
    assert loopback(host) == reached


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    listed = dotenv_values(ROOT / ".env.example")

    shown = {
        variable(name): _as_text(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert listed == shown


def test_the_manual_lists_every_setting_with_its_meaning() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    for name, field in Settings.model_fields.items():
        default = _as_text(field.default) or "(none)"
        row = f"| `{variable(name)}` | `{default}` | {field.description} |"
        assert row in manual


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def test_school_mode_names_its_key_file(project: Path) -> None:
    write(project / ".env", SCHOOL | {"MILEPOST_KEY_FILE": ""})

    with pytest.raises(SettingsError, match="MILEPOST_KEY_FILE must name the key file"):
        Settings.load(project)
