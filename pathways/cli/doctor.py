"""`milepost doctor`: what is wrong, and what to do about each."""

from __future__ import annotations

import socket
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from pathways.app import Milepost, build, key_ring
from pathways.services.accounts import schools
from pathways.services.duty import duty_of
from pathways.settings import ROOT, SECRETS, Mode, Settings, SettingsError, variable
from pathways.store.migrate import is_newest

RASA_PATH = "/webhooks/milepost/"
PATIENCE_SECONDS = 3.0
FEW_DAYS = 14
UPGRADE = "Run: milepost db upgrade"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `advice` only where it is not well."""

    what: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        return not self.advice


def answers(url: str) -> bool:
    """Tell whether Rasa's private channel answers under an address."""
    try:
        return httpx.get(url + RASA_PATH, timeout=PATIENCE_SECONDS).status_code == 200
    except httpx.HTTPError:
        return False


def examine(root: Path = ROOT, ask: Callable[[str], bool] = answers) -> Iterator[Check]:
    """Look at everything the product needs while it runs, most basic first."""
    try:
        settings = Settings.load(root)
    except SettingsError as error:
        yield Check("Settings", str(error))
        return
    yield Check(f"Settings ({settings.mode} mode)")
    yield _secrets(settings)
    yield _keys(settings)
    if settings.mode is Mode.SCHOOL:
        yield _address(settings)
    yield from _store(settings)
    yield _gazetteer(settings)
    for url in settings.rasa_urls:
        advice = "Start it with make run, or set MILEPOST_RASA_URLS."
        yield Check(f"Rasa at {url}", "" if ask(url) else advice)


def _secrets(settings: Settings) -> Check:
    values = [getattr(settings, name) for name in SECRETS]
    names = ", ".join(variable(name) for name in SECRETS)
    same = len(set(values)) < len(values)
    return Check("Secrets", f"{names} must differ from each other." if same else "")


def _address(settings: Settings) -> Check:
    what = f"The address that people use ({settings.public_url or 'not set'})"
    if not settings.public_url.startswith("https://"):
        return Check(what, "Set MILEPOST_PUBLIC_URL to an address with https://")
    return Check(what, why_not_trusted(settings.public_url))


def why_not_trusted(url: str) -> str:
    """Return what is wrong with an address's certificate, as this machine sees it.

    Browsers keep lists of their own, which differ little (ASVS 12.2.2).
    """
    place = urlsplit(url)
    host = place.hostname or ""
    known = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, place.port or 443), PATIENCE_SECONDS) as on,
            known.wrap_socket(on, server_hostname=host) as found,
        ):
            ends = ssl.cert_time_to_seconds(
                str((found.getpeercert() or {})["notAfter"])
            )
    except ssl.SSLCertVerificationError as error:
        return f"Its certificate is not trusted: {error.verify_message}."
    except OSError as error:
        return f"It could not be reached from here: {type(error).__name__}."
    left = int((ends - time.time()) / 86_400)
    return f"Its certificate runs out in {left} days." if left < FEW_DAYS else ""


def _keys(settings: Settings) -> Check:
    """A ring that may be made at first use is well, too."""
    ring = key_ring(settings)
    what = f"Keys that seal what people wrote ({ring.path})"
    if not ring.path.exists():
        return Check(what, "" if ring.may_make else "Run: milepost keys new")
    for_all = stat.S_IMODE(ring.path.stat().st_mode) & 0o077
    return Check(what, f"Run: chmod 600 {ring.path}" if for_all else "")


def _store(settings: Settings) -> Iterator[Check]:
    try:
        newest = is_newest(settings.database_url)
    except SQLAlchemyError as error:
        advice = f"Check MILEPOST_DATABASE_URL. {type(error).__name__}: {_first(error)}"
        yield Check("Database", advice)
        return
    yield Check("Database")
    yield Check("Database schema", "" if newest else UPGRADE)
    if newest:
        milepost = build(settings)
        yield from _catalogs(milepost)
        if settings.mode is Mode.SCHOOL:
            yield from on_duty(milepost)
        milepost.engine.dispose()


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]


def _catalogs(milepost: Milepost) -> Iterator[Check]:
    found = schools(milepost)
    if not found:
        yield Check("School", "Add one with: milepost school add")
    for school in found:
        with milepost.work() as work:
            newest = work.catalog.newest(school.id)
        advice = f"Run: milepost import catalog FOLDER --school {school.code}"
        yield Check(f"Catalog of {school.name}", "" if newest else advice)


def on_duty(milepost: Milepost) -> Iterator[Check]:
    """Look at whether somebody is told when a student may be in danger."""
    for school in schools(milepost):
        with milepost.work() as work:
            duty = duty_of(work, school.id)
        advice = f"Set it with: milepost duty set --school {school.code}"
        yield Check(f"Duty list of {school.name}", "" if duty.members else advice)
        mail = any(duty.members.values()) and not milepost.settings.smtp_url
        advice = "Set MILEPOST_SMTP_URL and MILEPOST_MAIL_FROM."
        yield Check(f"E-mail to who is on duty at {school.name}", advice * mail)


def _gazetteer(settings: Settings) -> Check:
    what = "Words that the assistant looks for"
    if settings.gazetteer_path.is_file():
        return Check(what)
    return Check(what, "Publish a catalog: milepost import catalog FOLDER")


def doctor() -> None:
    """Say what is wrong with this installation, and what to do about it.

    Example: milepost doctor
    """
    screen = Console(highlight=False, soft_wrap=True)
    ill = False
    for check in examine():
        ill = ill or not check.is_well
        mark, style = ("ok", "green") if check.is_well else ("!!", "red")
        screen.print(f"[{style}]{mark}[/] ", end="")
        screen.print(check.what, markup=False)
        if not check.is_well:
            screen.print(f"   {check.advice}", markup=False)
    if ill:
        raise typer.Exit(1)
