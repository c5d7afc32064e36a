"""Entry point of the supervisor: `.venv/bin/python -m setup.supervise`."""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pathways.settings import Settings, SettingsError, loopback
from setup.child import Child, ChildSpec
from setup.layout import Layout
from setup.model import current, why_not
from setup.ports import first_free, several_free
from setup.prepared import fingerprint, known_accounts, remember
from setup.report import Report, SetupError
from setup.rollout import Rollout, Wanted
from setup.state import (
    AlreadyRunning,
    already_running,
    announce,
    end_orphans,
    only_one,
)
from setup.supervisor import Supervisor, utc_now

ROLES = ("student", "advisor", "counselor", "family", "admin")
RASA_HOST = "127.0.0.1"
OWNER_ONLY = 0o077
PROBE_SECONDS = 1.0
ADDRESSES = "rasa.urls"
PAGES_PATH = "/healthz"
# Glibc gives each thread a heap of its own, and what SQLite frees in one is of no use
# to the next: the process grew by 5 KB a message (R13). One heap is enough for threads
# that take turns at one core.
PAGES_MEMORY = {"MALLOC_ARENA_MAX": "1"}
ASSISTANT_PATH = "/webhooks/milepost/"


def main() -> int:
    """Prepare the data, start everything, stay until a signal comes.

    Returns:
        Exit code: 0 after a clean stop or when it runs already, 1 otherwise.
    """
    layout, report = Layout.find(), Report()
    # Records, logs and Rasa's copy of conversations are for their owner only.
    os.umask(OWNER_ONLY)
    layout.make_private()
    try:
        settings = Settings.load(layout.root)
        with only_one(layout.run):
            announce(layout.run)
            _run(layout, settings, report)
    except AlreadyRunning:
        report.say(already_running(layout.run))
        return 0
    except (SetupError, SettingsError) as error:
        report.say(f"Milepost cannot start: {error}")
        return 1
    except KeyboardInterrupt:
        pass
    report.say("Milepost has stopped.")
    return 0


def answers(host: str, port: int, path: str) -> bool:
    """Whether a server on this machine answers the path with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def child_environ(
    settings: Settings, port: int, rasa_ports: list[int], base: Mapping[str, str]
) -> dict[str, str]:
    """Variables for the children: the caller's, and what was decided here."""
    here = settings.model_copy(update={"port": port})
    urls = ",".join(f"http://{RASA_HOST}:{number}" for number in rasa_ports)
    return dict(base) | {
        "MILEPOST_PORT": str(port),
        "MILEPOST_RASA_URLS": urls,
        "MILEPOST_ACTION_URL": here.action_endpoint,
        "MILEPOST_ACTION_TOKEN": settings.action_token,
        "MILEPOST_CHANNEL_SECRET": settings.channel_secret,
        "MILEPOST_TRACKER_URL": settings.tracker_url,
        "MILEPOST_GAZETTEER_PATH": str(settings.gazetteer_path),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "OPENBLAS_NUM_THREADS": "1",  # one message is too little to share out
    }


def pages_spec(
    layout: Layout, settings: Settings, port: int, environ: Mapping[str, str]
) -> ChildSpec:
    """How to start the one web application: pages, gateway and actions."""
    command = [str(layout.venv / "bin" / "python"), "-m", "web"]
    command += ["web.app:create_app", "--factory", "--no-access-log"]
    command += ["--host", settings.host, "--port", str(port)]
    command += ["--timeout-graceful-shutdown", "5"]
    host = loopback(settings.host).strip("[]")
    probe = partial(answers, host, port, PAGES_PATH)
    log = layout.logs / "app.log"
    environ = dict(environ) | PAGES_MEMORY
    return ChildSpec("app", tuple(command), layout.root, log, environ, probe)


def rasa_spec(
    layout: Layout, number: int, port: int, model: Path, environ: Mapping[str, str]
) -> ChildSpec:
    """How to start one Rasa process; its HTTP API stays off."""
    command = [str(layout.venv_rasa / "bin" / "python"), "-m", "rasa", "run"]
    command += ["--model", str(model), "--endpoints", "endpoints.yml"]
    command += ["--credentials", "credentials.yml"]
    command += ["--interface", RASA_HOST, "--port", str(port)]
    name = f"rasa-{number}"
    probe = partial(answers, RASA_HOST, port, ASSISTANT_PATH)
    log = layout.logs / f"{name}.log"
    check = partial(why_not, model)
    return ChildSpec(name, tuple(command), layout.root, log, environ, probe, check)


def welcome(settings: Settings, address: str, accounts: Mapping[str, str]) -> list[str]:
    """What people see first: the address, then the demo accounts."""
    lines = [f"Milepost: {address}"]
    for role in ROLES:
        if role in accounts:
            line = f"demo {role}: {accounts[role]} / {settings.demo_password}"
            lines.append(line)
    return lines


def _run(layout: Layout, settings: Settings, report: Report) -> None:
    for name in end_orphans(layout.run):
        report.say(f"Ended {name}, left over from a run that broke off.")
    accounts = _prepared(layout, settings, report)
    model = current(layout.models)
    port = first_free(settings.host, settings.port)
    if port != settings.port:
        report.say(
            f"Port {settings.port} is taken by another program; using {port}. "
            "MILEPOST_PORT sets another one."
        )
    workers = settings.rasa_workers
    rasa_ports = several_free(RASA_HOST, settings.rasa_port, workers, {port})
    environ = child_environ(settings, port, rasa_ports, os.environ)
    environ["MILEPOST_RASA_URLS_FILE"] = str(layout.run / ADDRESSES)
    specs = [pages_spec(layout, settings, port, environ)]
    for number, rasa_port in enumerate(rasa_ports):
        specs.append(rasa_spec(layout, number, rasa_port, model, environ))

    def spare(number: int, new: Path) -> tuple[Child, str]:
        found = first_free(RASA_HOST, settings.rasa_port, {port})
        spec = rasa_spec(layout, number, found, new, environ)
        return Child(spec, time.monotonic, utc_now), f"http://{RASA_HOST}:{found}"

    address = f"http://{loopback(settings.host)}:{port}"
    Supervisor(
        specs,
        run_folder=layout.run,
        port=port,
        address=address,
        welcome=welcome(settings, address, accounts),
        report=report,
        rollout=Rollout(
            spare,
            Wanted(layout.models, model, report),
            model,
            environ["MILEPOST_RASA_URLS"].split(","),
            layout.run / ADDRESSES,
            report,
            drain=settings.turn_timeout_seconds + 1,
            clock=time.monotonic,
        ),
    ).run()


def _prepared(layout: Layout, settings: Settings, report: Report) -> Mapping[str, str]:
    """Prepare the data unless an earlier start did and nothing changed since."""
    wanted = fingerprint(layout.root, settings)
    accounts = known_accounts(layout.run, wanted, settings)
    if accounts is None:
        accounts = _prepare(settings, report)
        remember(layout.run, wanted, settings, accounts)
    return accounts


def _prepare(settings: Settings, report: Report) -> Mapping[str, str]:
    """Bring the database up to date; load the demo school where it is wanted.

    Returns:
        Demo user names by role; empty without the demo school.
    """
    upgrade = _upgrade()
    with report.step("Database"):
        upgrade(settings.database_url)
    if not settings.demo:
        return {}
    from pathways import demo

    with report.step("Demo school"):
        demo.load(settings)
    return demo.ACCOUNTS


def _upgrade() -> Callable[[str], object]:
    from pathways.store.migrate import upgrade

    return upgrade


if __name__ == "__main__":
    sys.exit(main())
