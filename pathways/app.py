"""The composition root: what every use case works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from pathways.memory import Kept
from pathways.settings import Mode, Settings
from pathways.store.base import open_engine
from pathways.store.catalog_cache import CatalogCache
from pathways.store.models import School
from pathways.store.sealing import KeyRing, give_keys
from pathways.store.unit_of_work import UnitOfWork

Clock = Callable[[], datetime]
KEPT_FIGURES = 8


def system_clock() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Milepost:
    """Settings, database and clock, passed to every use case.

    Attributes:
        clock: returns the moment, with its time zone; tests pass their own.
    """

    settings: Settings
    engine: Engine
    clock: Clock

    def work(self) -> UnitOfWork:
        """Open a unit of work."""
        return UnitOfWork(self.engine)

    def today(self, school: School) -> date:
        """Return the day in the school's time zone."""
        return self.clock().astimezone(ZoneInfo(school.timezone)).date()

    def day(self) -> date:
        """Return the day here, where no school has been read."""
        return self.clock().astimezone(self.settings.zone).date()

    @cached_property
    def catalogs(self) -> CatalogCache:
        """Catalog versions that were read, kept in memory."""
        return CatalogCache()

    @cached_property
    def figures(self) -> Kept[Any]:
        """Figures about a school that are dear to work out, kept in memory."""
        return Kept(KEPT_FIGURES)


def build(settings: Settings, clock: Clock | None = None) -> Milepost:
    """Put the product together; nothing connects before the first use."""
    fixed = settings.now
    moment = clock or (system_clock if fixed is None else lambda: fixed)
    engine = give_keys(open_engine(settings.database_url), key_ring(settings))
    return Milepost(settings, engine, moment)


def key_ring(settings: Settings) -> KeyRing:
    """Return the keys of an installation; only local mode makes them by itself."""
    may_make = settings.mode is Mode.LOCAL
    return KeyRing(settings.key_file or settings.var_dir / "keys.json", may_make)
