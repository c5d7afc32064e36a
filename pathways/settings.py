"""One typed settings object. Nothing is read when this module is imported."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AwareDatetime,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "MILEPOST_"
ROOT = Path(__file__).resolve().parents[1]
SECRETS = ("channel_secret", "action_token", "session_secret")
SECRET_LENGTH = 32
SECRET_VARIETY = 8


class SettingsError(ValueError):
    """A setting is missing or unusable; the message says which and what to do."""


class Mode(StrEnum):
    """How strict the product is about its own set-up."""

    LOCAL = "local"
    SCHOOL = "school"


class Settings(BaseSettings):
    """Every setting, as `MILEPOST_<NAME>` in the environment or a file.

    Use `Settings.load()` in programs. Tests may call `Settings(...)` with the
    values they need; files are not read then.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    mode: Mode = Field(
        Mode.LOCAL,
        description="local for one machine and trials, school for real students",
    )
    host: str = Field("127.0.0.1", description="address the pages listen on")
    port: int = Field(
        8000, ge=1, le=65535, description="port of the pages; taken: the next free one"
    )
    database_url: str = Field(
        "sqlite:///var/milepost.db",
        description="SQLAlchemy address; PostgreSQL: postgresql+psycopg://user@host/db",
    )
    timezone: str = Field(
        "America/New_York", description="time zone in which people read moments"
    )
    demo: bool = Field(True, description="load the demo school (never in school mode)")
    demo_password: str = Field(
        "", repr=False, description="password of the demo accounts; made at first run"
    )
    channel_secret: str = Field(
        "", repr=False, description="signs messages between the pages and Rasa"
    )
    action_token: str = Field("", repr=False, description="lets Rasa call the actions")
    session_secret: str = Field(
        "", repr=False, description="signs sign-in cookies and links"
    )
    rasa_workers: int = Field(1, ge=1, le=16, description="number of Rasa processes")
    rasa_port: int = Field(
        5105, ge=1, le=65535, description="first port to try for Rasa"
    )
    rasa_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        ("http://127.0.0.1:5105",),
        description="Rasa addresses, comma separated; the supervisor sets them",
    )
    rasa_urls_file: Path | None = Field(
        None,
        description="file in which the supervisor moves Rasa addresses; it sets it",
    )
    action_url: str = Field(
        "",
        description="where Rasa calls the actions; empty: HOST:PORT/internal/actions",
    )
    var_dir: Path = Field(
        Path("var"), description="folder for logs, run state and this machine's secrets"
    )
    key_file: Path | None = Field(
        None,
        description="keys that seal what people wrote; empty: keys.json in VAR_DIR "
        "(local mode only)",
    )
    identity_file: Path | None = Field(
        None,
        description="the schools' own sign-in (OIDC, LTI), see docs/sign-in.md; "
        "readable by its owner only",
    )
    gazetteer_path: Path = Field(
        Path("var/gazetteer.json"), description="catalog names that Rasa looks for"
    )
    tracker_url: str = Field(
        "sqlite:///var/rasa.db",
        description="SQLAlchemy address of Rasa's own working copy",
    )
    turn_timeout_seconds: float = Field(
        4.5, gt=0, le=120, description="seconds the pages wait for an answer of Rasa"
    )
    public_url: str = Field(
        "", description="address of the pages, for links in notices"
    )
    smtp_url: str = Field(
        "",
        repr=False,
        pattern=r"^(smtps?://[^/\s]+)?$",
        description="smtp://user:password@host:587 or smtps://; empty: no e-mail",
    )
    mail_from: str = Field("", description="sender of notices to people on duty")
    webhook_secret: str = Field("", repr=False, description="signs webhook notices")
    webhook_loopback: bool = Field(
        False, description="let webhooks go to this machine, for tests; local mode only"
    )
    messages_per_minute: int = Field(
        120, ge=1, le=100_000, description="messages that one student may send a minute"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    metrics_token: str = Field(
        "",
        repr=False,
        description="bearer token of /metrics; needed outside local mode to read it",
    )
    traces_url: str = Field(
        "",
        description="OTLP/HTTP address of the school's own trace collector; empty: off",
    )
    logs_url: str = Field(
        "",
        description="OTLP/HTTP address of the school's own log collector, https unless "
        "on this machine; empty: off",
    )
    now: AwareDatetime | None = Field(
        None, description="fixed clock for tests, ISO with offset; local mode only"
    )

    @field_validator("mode", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("rasa_urls", mode="before")
    @classmethod
    def _split_urls(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("rasa_urls")
    @classmethod
    def _some_url(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("at least one Rasa address is needed")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("logs_url")
    @classmethod
    def _safe_way(cls, value: str) -> str:
        found = urlsplit(value)
        here = found.hostname in ("127.0.0.1", "::1", "localhost")
        if value and not (found.scheme == "https" or (found.scheme == "http" and here)):
            raise ValueError("logs leave this machine by https only")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            raise ValueError(
                "no such time zone; use a name like America/New_York"
            ) from None
        return value

    @model_validator(mode="before")
    @classmethod
    def _no_demo_in_school(cls, values: dict[str, object]) -> dict[str, object]:
        if str(values.get("mode", "")).lower() == Mode.SCHOOL:
            values.setdefault("demo", False)
        return values

    @model_validator(mode="after")
    def _strict_in_school(self) -> Self:
        if self.mode is Mode.SCHOOL:
            problems = _school_problems(self)
            if problems:
                raise ValueError(" ".join(problems))
        return self

    @property
    def zone(self) -> ZoneInfo:
        """Time zone in which people read moments."""
        return ZoneInfo(self.timezone)

    @property
    def base_url(self) -> str:
        """Address under which this machine reaches the pages."""
        return f"http://{loopback(self.host)}:{self.port}"

    @property
    def action_endpoint(self) -> str:
        """Address at which Rasa calls the actions."""
        return self.action_url or f"{self.base_url}/internal/actions"

    @classmethod
    def load(cls, root: Path = ROOT) -> Self:
        """Read the environment, then `.env`, then `var/local.env`, then defaults.

        Relative paths and SQLite addresses are taken from `root`, the folder of
        the project. `var/local.env` is not read in school mode.

        Raises:
            SettingsError: a value is missing or unusable.
        """
        dot_env = root / ".env"
        try:
            settings = cls(_env_file=_files(root, dot_env))
        except ValidationError as error:
            raise SettingsError(_sentences(error)) from None
        _refuse_missing(settings)
        return settings.anchored(root)

    def anchored(self, root: Path) -> Self:
        """The same settings with every relative path taken from `root`."""
        return self.model_copy(
            update={
                "database_url": _anchored_url(self.database_url, root),
                "var_dir": root / self.var_dir,
                "key_file": root / self.key_file if self.key_file else None,
                "rasa_urls_file": self.rasa_urls_file and root / self.rasa_urls_file,
                "identity_file": self.identity_file and root / self.identity_file,
                "gazetteer_path": root / self.gazetteer_path,
                "tracker_url": _anchored_url(self.tracker_url, root),
            }
        )


def loopback(host: str) -> str:
    """Host name by which this machine reaches a server that listens on `host`."""
    if host in {"0.0.0.0", "", "*"}:
        return "127.0.0.1"
    if ":" in host:
        return "[::1]" if host == "::" else f"[{host}]"
    return host


def variable(name: str) -> str:
    """Name of the environment variable of one setting."""
    return PREFIX + name.upper()


def _files(root: Path, dot_env: Path) -> tuple[Path, ...]:
    """Files in rising order of rank; the last one wins."""
    early = {key: value for key, value in dotenv_values(dot_env).items() if value}
    early |= {key: value for key, value in os.environ.items() if value}
    if (early.get(variable("mode")) or "").lower() == Mode.SCHOOL:
        return (dot_env,)
    var_dir = root / (early.get(variable("var_dir")) or "var")
    return (var_dir / "local.env", dot_env)


def _school_problems(settings: Settings) -> list[str]:
    problems = [
        f"{variable(name)} must hold a random text of {SECRET_LENGTH} characters or "
        "more, from the environment or .env."
        for name in SECRETS
        if not _strong(getattr(settings, name))
    ]
    secrets = [getattr(settings, name) for name in SECRETS]
    if not problems and len(set(secrets)) < len(secrets):
        names = ", ".join(variable(name) for name in SECRETS)
        problems.append(f"{names} must differ from each other.")
    if settings.key_file is None:
        problems.append(
            f"{variable('key_file')} must name the key file; see docs/privacy.md."
        )
    if settings.now is not None:
        problems.append(f"{variable('now')} works in local mode only.")
    if settings.webhook_loopback:
        problems.append(f"{variable('webhook_loopback')} works in local mode only.")
    if settings.demo:
        problems.append(f"{variable('demo')} works in local mode only.")
    return problems


def _strong(secret: str) -> bool:
    return len(secret) >= SECRET_LENGTH and len(set(secret)) >= SECRET_VARIETY


def _refuse_missing(settings: Settings) -> None:
    needed = SECRETS if not settings.demo else (*SECRETS, "demo_password")
    missing = [variable(name) for name in needed if not getattr(settings, name)]
    if missing:
        raise SettingsError(
            f"{', '.join(missing)}: not set. `make run` writes them to var/local.env."
        )


def _anchored_url(url: str, root: Path) -> str:
    """SQLite file addresses made absolute; every other address as it is."""
    scheme, mark, path = url.partition(":///")
    relative = mark and path and not path.startswith(("/", ":memory:", "file:"))
    if scheme.startswith("sqlite") and relative:
        return f"{scheme}:///{root / path}"
    return url


def _sentences(error: ValidationError) -> str:
    parts: list[str] = []
    for item in error.errors(include_input=False, include_url=False):
        message = item["msg"].removeprefix("Value error, ")
        name = variable(str(item["loc"][0])) if item["loc"] else ""
        parts.append(f"{name}: {message}." if name else message)
    return "\n".join(parts)
