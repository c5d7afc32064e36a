"""Careers for a student's interests, spread over fields (features O2, O12)."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.career_ideas import FIRST, LETTER_WEIGHTS, CareerIdea, career_ideas
from pathways.domain.catalog import Catalog
from pathways.domain.features import Feature
from pathways.domain.standing import WHOLE
from pathways.services.access import Actor, Role, require
from pathways.services.errors import Invalid
from pathways.services.features import check_on
from pathways.services.options import see
from pathways.texts import say

LETTERS = frozenset("RIASEC")


@dataclass(frozen=True)
class IdeaView:
    """A career to look at, its field, how close it is (0 to 1), and why it is here.

    `because` holds the student's own words, empty where the letters led here; `how`
    is `named`, `field`, `kind` (of work) or `letters`.
    """

    code: str
    title: str
    field: str
    score: float
    because: str
    how: str
    description: str


def ideas(
    milepost: Milepost, actor: Actor, riasec: str = "", limit: int = FIRST
) -> tuple[IdeaView, ...]:
    """Return careers to look at, at most two of a field in every eight.

    Args:
        milepost: the product.
        actor: a student.
        riasec: letters of an interest inventory, the strongest first, like "SIA".
        limit: how many at most.

    Raises:
        Invalid: the letters are not of the six.
    """
    require(actor, Role.STUDENT)
    letters = tuple(dict.fromkeys(riasec.strip().upper()))
    if not {*letters} <= LETTERS or len(letters) > len(LETTER_WEIGHTS):
        raise Invalid(say(actor.language, "page_ideas.wrong_letters"), "riasec")
    with milepost.work() as work:
        check_on(work, actor, Feature.CAREERS)
        seen = see(milepost, work, actor, actor.id)
    found = career_ideas(seen.standing, letters, limit)
    return tuple(_view(one, seen.catalog) for one in found)


def _view(idea: CareerIdea, catalog: Catalog) -> IdeaView:
    job = idea.occupation
    cluster = catalog.clusters.get(job.cluster)
    field = cluster.title if cluster else job.cluster.replace("_", " ")
    score = idea.units / WHOLE
    return IdeaView(
        job.code, job.title, field, score, idea.because, idea.how, job.description
    )
