"""A Milepost of many processes on this machine: apps, Rasa workers, database, nginx.

The same shape as in deploy/: nginx hashes people to apps, apps hash conversations to
Rasa workers, all state is in the database. Every part is a process of ours and is
signalled by its id only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from bench.product import NAMED, demo_settings
from bench.servers import family, quiet_environ
from pathways import demo
from pathways.settings import Settings, variable
from pathways.store.migrate import upgrade
from setup.layout import Layout
from setup.model import current
from setup.ports import several_free
from setup.process import spawn
from setup.report import SetupError
from setup.supervise import RASA_HOST, child_environ, rasa_spec

FIRST_PORT = 18300
PATIENCE = 120.0
TEMPLATE = Path("deploy/nginx/milepost.conf.template")
APP, RASA, NGINX, DATABASE = "app", "rasa", "nginx", "database"
INSIDE = "nginx-inside"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Shape:
    """How many of what; without nginx there is one app."""

    apps: int = 1
    workers: int = 1
    postgresql: bool = False
    nginx: bool = False

    def missing(self) -> str | None:
        """Return the name of a program that this machine lacks."""
        needed = ["initdb", "postgres"] if self.postgresql else []
        needed += ["nginx"] if self.nginx else []
        return next((name for name in needed if not shutil.which(name)), None)


@dataclass
class Topology:
    """The parts, by name: `app-0`, `rasa-2`, `nginx`, `database`."""

    shape: Shape
    layout: Layout
    settings: Settings
    ports: Mapping[str, int]
    environ: Mapping[str, str]
    sockets: Path | None = None
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people come in."""
        name = NGINX if self.shape.nginx else f"{APP}-0"
        return f"http://{RASA_HOST}:{self.ports[name]}"

    @property
    def names(self) -> list[str]:
        """Every part, in the order in which they start."""
        database = [DATABASE] if self.shape.postgresql else []
        apps = [f"{APP}-{number}" for number in range(self.shape.apps)]
        workers = [f"{RASA}-{number}" for number in range(self.shape.workers)]
        return [*database, *apps, *workers, *([NGINX] if self.shape.nginx else [])]

    def start(self, name: str) -> None:
        """Start a part and leave it to come up."""
        log = self.layout.logs / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        environ = dict(os.environ) if name in (NGINX, DATABASE) else self.environ
        folder = self.layout.root
        self.parts[name] = spawn(self._command(name), log, environ, folder)

    def up(self, name: str) -> bool:
        """Whether a part answers."""
        if name == DATABASE:
            return takes_connections(self.sockets)
        path = "/webhooks/milepost/" if name.startswith(RASA) else "/healthz"
        url = f"http://{RASA_HOST}:{self.ports[name]}{path}"
        try:
            return httpx.get(url, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def wait(self, name: str) -> float:
        """Wait until a part answers, started again where it ended; return seconds.

        Raises:
            SetupError: it does not come up.
        """
        begun = time.monotonic()
        while not self.up(name):
            if self.parts[name].poll() is not None:
                time.sleep(0.2)
                self.start(name)
            if time.monotonic() - begun > PATIENCE:
                raise SetupError(f"{name} does not answer; see {self.layout.logs}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def kill(self, name: str) -> None:
        """End a part at once, its children too, as a crash would."""
        part = self.parts.pop(name)
        for pid in family(part.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        part.wait()

    def stop(self) -> None:
        """End every part that runs, the database last."""
        for name in reversed(list(self.parts)):
            self.kill(name)

    def database_bytes(self) -> int:
        """Return the size of both databases on PostgreSQL."""
        given = f"host={self.sockets} user=milepost dbname=postgres"
        asked = "SELECT sum(pg_database_size(datname)) FROM pg_database"
        with closing(psycopg.connect(given)) as connection:
            row = connection.execute(asked).fetchone()
        return int(row[0]) if row else 0

    def seconds_of(self, kind: str) -> float:
        """Return the processor time that the parts of a kind have used, in seconds."""
        pids = [
            pid
            for name, part in self.parts.items()
            if name.startswith(kind)
            for pid in family(part.pid)
        ]
        return sum(map(processor_seconds, pids))

    def _command(self, name: str) -> list[str]:
        kind, _, number = name.partition("-")
        if kind == APP:
            command = [sys.executable, "-m", "uvicorn", "web.app:create_app"]
            command += ["--factory", "--no-access-log", "--log-level", "warning"]
            return [*command, "--port", str(self.ports[name])]
        if kind == RASA:
            model = current(self.layout.models)
            port = self.ports[name]
            spec = rasa_spec(self.layout, int(number), port, model, self.environ)
            return list(spec.command)
        if kind == NGINX:
            return ["nginx", "-c", str(self._nginx_file()), "-g", "daemon off;"]
        data = str((self.sockets or Path()) / "data")
        given = ["-k", str(self.sockets), "-c", "listen_addresses="]
        given += ["-c", "max_connections=200"]
        return as_server("postgres", "-D", data, *given)

    def _nginx_file(self) -> Path:
        """Fill in the file of deploy/, as the image of nginx does it."""
        folder = self.layout.var
        apps = " ".join(
            f"server {RASA_HOST}:{port} max_fails=1 fail_timeout=2s;"
            for name, port in self.ports.items()
            if name.startswith(APP)
        )
        text = (self.layout.root / TEMPLATE).read_text(encoding="utf-8")
        text = text.replace("${MILEPOST_APPS}", apps)
        for name, part in (("LISTEN", NGINX), ("INSIDE", INSIDE)):
            where = f"{RASA_HOST}:{self.ports[part]}"
            text = text.replace(f"${{MILEPOST_{name}}}", where)
        places = " ".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        file = folder / "nginx.conf"
        file.write_text(
            f"{user} pid {folder}/nginx.pid; error_log stderr warn;"
            "worker_processes 1; events { worker_connections 4096; }"
            f" http {{ access_log off; {places}\n{text}\n}}",
            encoding="utf-8",
        )
        return file


def processor_seconds(pid: int) -> float:
    """Return the time a process ran, in user and system (proc(5), stat 14 and 15)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def takes_connections(sockets: Path | None) -> bool:
    """Whether the throwaway PostgreSQL takes connections."""
    try:
        with closing(psycopg.connect(f"host={sockets} user=milepost dbname=postgres")):
            return True
    except psycopg.OperationalError:
        return False


def as_server(*command: str) -> list[str]:
    """Return a PostgreSQL command; root may not run it, so `postgres` does then."""
    switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [*(switch if os.geteuid() == 0 else []), *command]


@contextmanager
def running(layout: Layout, shape: Shape) -> Iterator[Topology]:
    """Start a Milepost of a shape with the demo school in it; end it afterwards.

    Raises:
        SetupError: a program is missing, or a part does not come up.
    """
    if missing := shape.missing():
        raise SetupError(f"{missing} is needed: install its Debian package.")
    place = Layout(layout.root, f"{layout.var_name}/bench/load")
    shutil.rmtree(place.var, ignore_errors=True)
    place.var.mkdir(parents=True)
    sockets = Path(tempfile.mkdtemp(prefix="milepost-pg-"))
    found = _topology(place, shape, sockets)
    try:
        if shape.postgresql:
            _new_database(found, sockets)
        upgrade(found.settings.database_url)
        demo.load(found.settings)
        for name in found.names:
            if name not in found.parts:
                found.start(name)
        for name in found.names:
            found.wait(name)
        yield found
    finally:
        found.stop()
        shutil.rmtree(sockets, ignore_errors=True)


def _topology(place: Layout, shape: Shape, sockets: Path) -> Topology:
    names = [f"{APP}-{number}" for number in range(shape.apps)]
    names += [f"{RASA}-{number}" for number in range(shape.workers)]
    names += [NGINX, INSIDE] if shape.nginx else []
    ports = dict(
        zip(names, several_free(RASA_HOST, FIRST_PORT, len(names), set()), strict=True)
    )
    settings = demo_settings(place.var, ports["app-0"], ports["rasa-0"])
    if shape.postgresql:
        url = f"postgresql+psycopg://milepost@/postgres?host={sockets}"
        tracker = f"postgresql://milepost@/tracker?host={sockets}"
        settings = settings.model_copy(
            update={"database_url": url, "tracker_url": tracker}
        )
    base = quiet_environ() | {
        variable(name): str(getattr(settings, name)) for name in NAMED
    }
    base |= {"MILEPOST_DEMO": "true", "MILEPOST_LOG_LEVEL": "WARNING"}
    workers = [port for name, port in ports.items() if name.startswith(RASA)]
    environ = child_environ(settings, ports["app-0"], workers, base)
    if shape.nginx:  # any app that runs may do an action
        inside = f"http://{RASA_HOST}:{ports[INSIDE]}"
        environ["MILEPOST_ACTION_URL"] = f"{inside}/internal/actions"
    return Topology(shape, place, settings, ports, environ, sockets)


def _new_database(found: Topology, sockets: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(sockets, "postgres")
    command = ["initdb", "-D", str(sockets / "data"), "-U", "milepost", "-A", "trust"]
    subprocess.run(as_server(*command, "-E", "UTF8"), check=True, capture_output=True)
    found.start(DATABASE)
    found.wait(DATABASE)
    given = f"host={sockets} user=milepost dbname=postgres"
    with closing(psycopg.connect(given, autocommit=True)) as connection:
        connection.execute("CREATE DATABASE tracker")
