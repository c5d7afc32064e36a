"""Six interest scores a student brings: kept, and where they lead (O2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.career_ideas import career_ideas
from pathways.domain.catalog import Occupation
from pathways.domain.interest_scores import in_words, strongest
from pathways.domain.standing import Standing
from pathways.services.access import Actor, Role, require, school_of, student_for
from pathways.services.student_facts import facts_of
from pathways.store.models import Interest

KIND, SHOWN = "scores", 3


@dataclass(frozen=True)
class Scored:
    """The three strongest letters, and careers with a mix like that."""

    letters: tuple[str, ...]
    careers: tuple[Occupation, ...]


def keep_scores(milepost: Milepost, actor: Actor, scores: Mapping[str, int]) -> Scored:
    """Keep six scores instead of those before, and return where they lead.

    Args:
        milepost: the product.
        actor: the student who brings them.
        scores: a score for each of R, I, A, S, E, C.
    """
    require(actor, Role.STUDENT)
    letters = strongest(scores)
    with milepost.work() as work:
        for row in work.records.interests(actor.school_id, actor.id):
            if row.kind == KIND:
                work.session.delete(row)
        work.conversations.flush()
        work.records.add(
            Interest(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                kind=KIND,
                words=in_words(scores),
                code=None,
                said_at=milepost.clock(),
            )
        )
        work.commit()
        today = milepost.today(school_of(work, actor))
        catalog = milepost.catalogs.current(work, actor.school_id)
        student = student_for(work, actor, actor.id)
        facts = facts_of(work, student, catalog, today)
    ideas = career_ideas(Standing(facts, catalog, today), letters, SHOWN)
    return Scored(letters, tuple(one.occupation for one in ideas))
