"""What is kept for how long, and what the retention job did, for an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from pathways.app import Milepost
from pathways.domain.retention import Retention
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.data_requests import PENDING, Kind, State
from pathways.services.policy import policy_for
from pathways.services.retention import BLANKED
from pathways.store.privacy_models import DataRequest, Deletion, RetentionRun
from pathways.store.register import IS_NULL, Keep, personal
from pathways.store.unit_of_work import UnitOfWork

SHARED = ("tracker", "files", "deletion_grace")


@dataclass(frozen=True)
class KeptKind:
    """One kind of the district's setting.

    Attributes:
        kind: its name in the setting.
        days: None: as long as the student is at the school.
        holds: what its tables hold, in the register's words.
        open_stays: whether what is still open stays whatever its age.
        gone: rows that the last run took out or emptied; None where none ran.
    """

    kind: str
    days: int | None
    holds: tuple[str, ...]
    open_stays: bool
    gone: int | None


@dataclass(frozen=True)
class RetentionView:
    """The page's content.

    Attributes:
        kinds: what goes by its age, in the order of the setting.
        shared: days of what schools share, by name, and of taking a deletion back.
        staying: what stays until the student's data is deleted.
        last: when the job last ran here.
        due: the moment from which it runs again.
        asked: deletions that students asked for and nobody answered.
        confirmed: when confirmed deletions begin, the next first.
        running: when deletions began that have not ended.
    """

    kinds: tuple[KeptKind, ...]
    shared: tuple[tuple[str, int], ...]
    staying: tuple[str, ...]
    last: datetime | None
    due: datetime
    asked: int
    confirmed: tuple[datetime, ...]
    running: tuple[datetime, ...]


def retention_view(milepost: Milepost, actor: Actor) -> RetentionView:
    """Return what is kept for how long at the actor's school, from the register.

    Raises:
        NotFound: the actor is not an administrator.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        kept = policy_for(work, school_of(work, actor)).district.retention
        last = last_run(work, actor.school_id)
        shared = tuple((name, kept.days(name) or 0) for name in SHARED)
        return RetentionView(
            kinds=tuple(_kinds(kept, last)),
            shared=shared,
            staying=tuple(_staying()),
            last=last.ran_at if last else None,
            due=next_run(work, milepost.clock()),
            asked=len(_requests(work, actor, *PENDING)),
            confirmed=tuple(
                sorted(filter(None, _requests(work, actor, State.CONFIRMED)))
            ),
            running=tuple(
                work.session.scalars(
                    select(Deletion.began_at)
                    .where(
                        Deletion.school_id == actor.school_id,
                        Deletion.ended_at.is_(None),
                    )
                    .order_by(Deletion.began_at)
                )
            ),
        )


def last_run(work: UnitOfWork, school_id: str) -> RetentionRun | None:
    """Return the newest run of the retention job at a school."""
    return work.session.scalars(
        select(RetentionRun)
        .where(RetentionRun.school_id == school_id)
        .order_by(RetentionRun.ran_at.desc())
        .limit(1)
    ).first()


def next_run(work: UnitOfWork, now: datetime) -> datetime:
    """Return from when the job runs again: the day after its last run, in UTC."""
    last = work.session.scalars(select(func.max(RetentionRun.ran_at))).first()
    if last is None:
        return now
    tomorrow = last.astimezone(UTC).date() + timedelta(days=1)
    return max(now, datetime.combine(tomorrow, time(), UTC))


def _kinds(kept: Retention, last: RetentionRun | None) -> Iterator[KeptKind]:
    tables = [(table.name, one) for table, one in personal()]
    for kind in Retention.model_fields:
        found = [
            (name, one, one.keep)
            for name, one in tables
            if isinstance(one.keep, Keep) and one.keep.kind == kind
        ]
        if not found:
            continue
        names = {name for name, _, _ in found}
        names |= {f"{name} {BLANKED}" for name in names}
        counts: dict[str, Any] = last.counts if last else {}
        yield KeptKind(
            kind,
            kept.days(kind),
            tuple(one.holds for _, one, _ in found),
            any(end.endswith(IS_NULL) for _, _, keep in found for end in keep.unless),
            sum(int(counts.get(name, 0)) for name in names) if last else None,
        )


def _staying() -> Iterator[str]:
    for _, one in personal():
        if not isinstance(one.keep, Keep):
            yield one.holds


def _requests(work: UnitOfWork, actor: Actor, *states: State) -> list[datetime | None]:
    return list(
        work.session.scalars(
            select(DataRequest.not_before).where(
                DataRequest.school_id == actor.school_id,
                DataRequest.kind == Kind.DELETION,
                DataRequest.state.in_(states),
            )
        )
    )
