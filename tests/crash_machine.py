"""A whole Milepost of one's own, each part a process that can be killed by its id."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from fake_rasa import SECRET, FakeRasa
from live import ROOT, free_port, start_rasa
from loopback import TRUST

from bench.servers import family, quiet_environ
from pathways import demo
from pathways.app import Milepost, build
from pathways.services.access import Role
from pathways.services.sign_in import hash_password
from pathways.settings import Settings, variable
from pathways.store.migrate import upgrade
from setup.supervise import PAGES_MEMORY

APP, RASA, DATABASE = "app", "rasa", "database"
BESIDE = "app beside"
PASSWORD = "heron-on-the-long-river"
UP_SECONDS = 120.0
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def has_postgresql() -> bool:
    """Tell whether a throwaway PostgreSQL can be started here."""
    return bool(shutil.which("initdb") and shutil.which("postgres"))


def server_command(*command: str) -> list[str]:
    """Return a PostgreSQL command; root may not run it, so `postgres` does then."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [*(switch if os.geteuid() == 0 else []), *command]


@dataclass
class Machine:
    """The parts of one Milepost; only they are ever signalled."""

    settings: Settings
    folder: Path
    database_folder: Path | None = None
    stand_in: FakeRasa | None = None
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port_beside: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return self.settings.base_url

    @property
    def url_beside(self) -> str:
        return f"http://127.0.0.1:{self.port_beside}"

    def start(self, name: str) -> None:
        """Start a part, and return once it answers."""
        if name in (APP, BESIDE):
            self._app(name)
        else:
            {RASA: self._rasa, DATABASE: self._database}[name]()

    def kill(self, name: str) -> None:
        """End a part with SIGKILL, its children too, as a crash would."""
        part = self.parts.pop(name)
        for pid in family(part.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        part.wait()

    def stop(self) -> None:
        """End every part that runs."""
        for name in list(self.parts):
            self.kill(name)

    def milepost(self) -> Milepost:
        """Return the product on the same database, to look what it holds."""
        return build(self.settings)

    def _app(self, name: str) -> None:
        port = self.settings.port if name == APP else self.port_beside
        wanted = self.settings.model_dump(mode="json", exclude_none=True)
        wanted["rasa_urls"] = ",".join(self.settings.rasa_urls)
        given = {variable(name): str(value) for name, value in wanted.items()}
        command = [sys.executable, "-m", "web", "web.app:create_app", "--factory"]
        command += ["--no-access-log", "--log-level", "error"]
        command += ["--port", str(port)]
        self.parts[name] = self._spawn(
            command, name, {**quiet_environ(), **PAGES_MEMORY, **given}
        )
        self._until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"))

    def _rasa(self) -> None:
        port = int(self.settings.rasa_urls[0].rpartition(":")[2])
        self.parts[RASA] = start_rasa(self.settings, port, self.folder / "rasa.log")
        url = f"{self.settings.rasa_urls[0]}/webhooks/milepost/"
        self._until(lambda: _answers(url))

    def _database(self) -> None:
        assert self.database_folder is not None
        data = str(self.database_folder / "data")
        command = server_command(
            *("postgres", "-D", data, "-k", str(self.database_folder)),
            *("-c", "listen_addresses=", "-c", "max_connections=60"),
        )

        def up() -> bool:
            if self.parts[DATABASE].poll() is not None:  # the old one still ends
                self.parts[DATABASE] = self._spawn(command, DATABASE, {**os.environ})
            return _takes_connections(self.database_folder)

        self.parts[DATABASE] = self._spawn(command, DATABASE, {**os.environ})
        self._until(up)

    def _spawn(
        self, command: list[str], name: str, environ: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as out:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=environ,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _until(self, ready) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + UP_SECONDS
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"See the logs in {self.folder}.")
            time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, verify=TRUST).status_code == 200
    except httpx.HTTPError:
        return False


def _takes_connections(folder: Path | None) -> bool:
    try:
        with closing(psycopg.connect(f"host={folder} user=milepost dbname=postgres")):
            return True
    except psycopg.OperationalError:
        return False


@contextmanager
def machine(
    folder: Path, database: str = SQLITE, real_rasa: bool = False, **more: object
) -> Iterator[Machine]:
    """Start a Milepost with the demo school in a folder; end it after the block."""
    with ExitStack() as stack:
        rasa = None if real_rasa else FakeRasa()
        if rasa is not None:
            rasa.start()
            stack.callback(rasa.stop)
        found = Machine(_settings(folder, rasa, more), folder, None, rasa)
        stack.callback(found.stop)
        if database == POSTGRESQL:
            place = Path(tempfile.mkdtemp(prefix="milepost-pg-"))
            stack.callback(shutil.rmtree, place, True)
            _new_database(found, place)
        upgrade(found.settings.database_url)
        demo.load(found.settings)
        found.start(APP)
        if real_rasa:
            found.start(RASA)
        yield found


def _settings(folder: Path, rasa: FakeRasa | None, more: dict[str, object]) -> Settings:
    port, rasa_port = free_port(), free_port()
    values: dict[str, object] = {
        "database_url": f"sqlite:///{folder}/milepost.db",
        "var_dir": folder,
        "tracker_url": f"sqlite:///{folder}/rasa.db",
        "gazetteer_path": folder / "gazetteer.json",
        "demo_password": PASSWORD,
        "channel_secret": SECRET,
        "action_token": "Zq4x-8uRt_Mv1oWk6bCj3dPe9fGh2aSy",
        "session_secret": "Tn7b-2eYc_Kd5iUl0gFs4hVw6jXo1pQz",
        "rasa_urls": rasa.url if rasa else f"http://127.0.0.1:{rasa_port}",
        "action_url": f"http://127.0.0.1:{port}/internal/actions",
        "port": port,
        "messages_per_minute": 100_000,
        "log_level": "WARNING",
    }
    return Settings(**{**values, **more})


def _new_database(found: Machine, place: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
    command = ["initdb", "-D", str(place / "data"), "-U", "milepost", "-A", "trust"]
    subprocess.run(
        server_command(*command, "-E", "UTF8"), check=True, capture_output=True
    )
    url = f"postgresql+psycopg://milepost@/postgres?host={place}"
    found.settings = found.settings.model_copy(update={"database_url": url})
    found.database_folder = place
    found.start(DATABASE)


def let_students_in(found: Machine, wanted: int) -> list[tuple[str, str]]:
    """Give students of the demo school a password; return their names and ids."""
    hashed = hash_password(PASSWORD)
    milepost = found.milepost()
    with milepost.work() as work:
        school = work.people.schools()[0]
        people = [p for p in work.people.in_role(school.id, Role.STUDENT) if p.consent]
        for person in people[:wanted]:
            person.password_hash = hashed
        work.commit()
        named = [(str(p.username), p.id) for p in people[:wanted]]
    milepost.engine.dispose()
    return named
