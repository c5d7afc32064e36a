"""What students asked for and the catalog does not know, without names (A4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.unmet import LONGEST, Kind, is_known
from pathways.services.access import Actor, Role, require
from pathways.store.unit_of_work import UnitOfWork
from pathways.store.wish_models import UnmetWord

FEWEST_STUDENTS = 3
MOST_OF_ONE_STUDENT = 200


@dataclass(frozen=True)
class Unmet:
    """Words that nothing was found for, and how many different students used them."""

    kind: Kind
    words: str
    students: int


@dataclass(frozen=True)
class Demand:
    """What enough students asked for; `hidden` counts words of too few of them."""

    items: tuple[Unmet, ...]
    hidden: int


def note_unmet(milepost: Milepost, actor: Actor, kind: Kind, words: str) -> None:
    """Keep words that nothing was found for, once for each student.

    Args:
        milepost: the product.
        actor: the student who said them.
        kind: what was looked for.
        words: what was said; long ones are left out, as they may tell of a person.
    """
    require(actor, Role.STUDENT)
    plain = fold(words)
    if not plain or len(plain) > LONGEST:
        return
    with milepost.work() as work:
        known = work.wishes.unmet_of(actor.school_id, actor.id)
        same = (one for one in known if (one.kind, one.words) == (kind, plain))
        row = next(same, None)
        if row is not None:
            row.said_at = milepost.clock()
        elif len(known) < MOST_OF_ONE_STUDENT:
            work.wishes.add(
                UnmetWord(
                    school_id=actor.school_id,
                    student_id=actor.id,
                    kind=kind.value,
                    words=plain,
                    said_at=milepost.clock(),
                )
            )
        work.commit()


def unmet_demand(milepost: Milepost, actor: Actor) -> Demand:
    """Return what students of the counselor's school did not find, most asked first.

    Words of fewer than three students are counted and not shown: they could tell who
    said them. What the catalog knows by now is left out.
    """
    require(actor, Role.COUNSELOR)
    with milepost.work() as work:
        return demand_of(milepost, work, actor.school_id)


def demand_of(milepost: Milepost, work: UnitOfWork, school_id: str) -> Demand:
    """Return the same within a unit of work, for the catalog's linter."""
    lexicon = lexicon_of(milepost.catalogs.current(work, school_id))
    students: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in work.wishes.unmet(school_id):
        students[row.kind, row.words].add(row.student_id)
    found = [
        Unmet(Kind(kind), words, len(who))
        for (kind, words), who in students.items()
        if not is_known(lexicon, Kind(kind), words)
    ]
    enough = [one for one in found if one.students >= FEWEST_STUDENTS]
    enough.sort(key=lambda one: (-one.students, one.kind, one.words))
    return Demand(tuple(enough), len(found) - len(enough))
