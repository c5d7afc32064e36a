"""One unit of work: everything inside is saved together, or nothing is."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from pathways.store.alerts import AlertRepository
from pathways.store.catalog_repository import CatalogRepository
from pathways.store.conversations import ConversationRepository
from pathways.store.credits import CreditRepository
from pathways.store.fact_repository import FactRepository
from pathways.store.identity import IdentityRepository
from pathways.store.people import PeopleRepository
from pathways.store.records import RecordRepository
from pathways.store.wishes import WishRepository


class UnitOfWork:
    """A transaction with the repositories that read and write in it.

    Leaving the block without `commit()` undoes everything.
    """

    def __init__(self, engine: Engine) -> None:
        """Remember where to connect; `with` connects."""
        self._engine = engine

    def __enter__(self) -> Self:
        """Begin."""
        self.session = Session(self._engine, expire_on_commit=False)
        self.people = PeopleRepository(self.session)
        self.conversations = ConversationRepository(self.session)
        self.records = RecordRepository(self.session)
        self.catalog = CatalogRepository(self.session)
        self.facts = FactRepository(self.session)
        self.credits = CreditRepository(self.session)
        self.alerts = AlertRepository(self.session)
        self.wishes = WishRepository(self.session)
        self.identity = IdentityRepository(self.session)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Undo what was not committed; rows that were read stay readable."""
        self.session.close()

    def commit(self) -> None:
        """Save everything done so far."""
        self.session.commit()
