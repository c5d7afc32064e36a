"""A Milepost of its own for the benchmarks: its data, its ports, its secrets."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import quiet_environ
from pathways import demo
from pathways.app import Milepost, build
from pathways.services.access import Role, actor_of
from pathways.services.conversation import conversation_of
from pathways.services.sign_in import hash_password
from pathways.settings import Mode, Settings, variable
from pathways.store.migrate import upgrade
from setup.child import ChildSpec
from setup.layout import Layout
from setup.model import current
from setup.ports import first_free
from setup.report import SetupError
from setup.supervise import RASA_HOST, child_environ, pages_spec, rasa_spec

FIRST_PORT = 18100
STUDENT = demo.ACCOUNTS["student"]
NAMED = ("database_url", "var_dir", "gazetteer_path", "session_secret", "demo_password")


@dataclass(frozen=True)
class Product:
    """How to start the pages and the assistant, as the supervisor does."""

    settings: Settings
    app: ChildSpec
    rasa: ChildSpec

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return self.settings.base_url

    @property
    def rasa_url(self) -> str:
        """Address of the assistant."""
        return self.settings.rasa_urls[0]

    def conversation(self) -> str:
        """Return the id of the demo student's conversation, begun where needed."""
        with self._opened() as milepost, milepost.work() as work:
            person = work.people.by_username(STUDENT)
            if person is None:
                raise SetupError("The demo school has no student to talk as.")
            found = conversation_of(work, actor_of(person)).id
            work.commit()
            return found

    def let_students_in(self) -> list[str]:
        """Give students the demo password; return the names of those with consent.

        The demo student is left out: that conversation is for the long one.
        """
        hashed = hash_password(self.settings.demo_password)
        with self._opened() as milepost, milepost.work() as work:
            school = work.people.schools()[0]
            students = work.people.in_role(school.id, Role.STUDENT)
            for person in students:
                person.password_hash = hashed
            work.commit()
            named = [one.username for one in students if one.consent]
            return [name for name in named if name != STUDENT]

    @contextmanager
    def _opened(self) -> Iterator[Milepost]:
        milepost = build(self.settings)
        try:
            yield milepost
        finally:
            milepost.engine.dispose()


def demo_settings(folder: Path, port: int, rasa_port: int) -> Settings:
    """Return settings of a demo school in a folder; no file is read for them."""
    return Settings(
        mode=Mode.LOCAL,
        host="127.0.0.1",
        port=port,
        database_url=f"sqlite:///{folder}/milepost.db",
        timezone="America/New_York",
        demo=True,
        demo_password=secrets.token_urlsafe(12),
        channel_secret=secrets.token_urlsafe(32),
        action_token=secrets.token_urlsafe(32),
        session_secret=secrets.token_urlsafe(32),
        rasa_urls=(f"http://{RASA_HOST}:{rasa_port}",),
        action_url="",
        var_dir=folder,
        gazetteer_path=folder / "gazetteer.json",
        tracker_url=f"sqlite:///{folder}/rasa.db",
        turn_timeout_seconds=60.0,
        log_level="WARNING",
        now=None,
    )


def load_demo(folder: Path, port: int = 1, rasa_port: int = 2) -> Settings:
    """Make the folder anew, with the demo school in it; return its settings."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = demo_settings(folder, port, rasa_port)
    upgrade(settings.database_url)
    demo.load(settings)
    return settings


def prepare(layout: Layout) -> Product:
    """Load the demo school into `var/bench/product` and say how to start it.

    Raises:
        SetupError: no assistant is trained yet, or no port is free.
    """
    place = Layout(layout.root, f"{layout.var_name}/bench/product")
    model = current(layout.models)
    port = first_free(RASA_HOST, FIRST_PORT)
    rasa_port = first_free(RASA_HOST, port + 1)
    settings = load_demo(place.var, port, rasa_port)
    base = quiet_environ() | {
        variable(name): str(getattr(settings, name)) for name in NAMED
    }
    base[variable("demo")] = "true"
    base[variable("mode")] = settings.mode.value
    base[variable("log_level")] = settings.log_level
    base[variable("messages_per_minute")] = "100000"  # one student may type fast here
    base[variable("turn_timeout_seconds")] = str(settings.turn_timeout_seconds)
    environ = child_environ(settings, port, [rasa_port], base)
    return Product(
        settings,
        pages_spec(place, settings, port, environ),
        rasa_spec(place, 0, rasa_port, model, environ),
    )
