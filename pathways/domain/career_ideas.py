"""Careers for a student's interests, never more than two of a field in eight.

Interest letters alone flood a Social-Investigative student with one field's jobs
(most of O*NET's S-I occupations teach at colleges). So fields take turns (O2, O12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pathways.domain.catalog import Catalog, Occupation
from pathways.domain.facts import SCORES, InterestFact, StudentFacts
from pathways.domain.interest_scores import in_words, is_flat, strongest
from pathways.domain.standing import SCORED, WHOLE, Liking, Standing

FIRST, A_FIELD, FIELDS = 8, 2, 4
LETTER_WEIGHTS = (500, 300, 200)
LETTERS_GIVEN, ALIKE, SAME_CLUSTER = SCORED, 500, 400
NAMED, FIELD, KIND, LETTERS = "named", "field", "kind", "letters"


@dataclass(frozen=True)
class CareerIdea:
    """A career with its score in thousandths and what led to it.

    `how` says whether the interest `because` names the career, its field or its kind
    of work, or whether the letters of an inventory led here.
    """

    occupation: Occupation
    units: int
    because: str
    how: str = LETTERS


def career_ideas(
    standing: Standing, riasec: Sequence[str] = (), limit: int = FIRST
) -> tuple[CareerIdea, ...]:
    """Return careers for a student's interests and RIASEC letters, fields in turn.

    Args:
        standing: the student.
        riasec: letters of an interest inventory, the strongest first.
        limit: how many to return at most.
    """
    ideas = [
        idea
        for occupation in standing.catalog.occupations.values()
        if (idea := _idea(occupation, standing, riasec)).units
    ]
    ideas.sort(key=lambda one: (-one.units, one.occupation.code))
    return tuple(in_turn(ideas, limit))


def in_turn(ideas: Sequence[CareerIdea], limit: int) -> list[CareerIdea]:
    """Pick the best, at most two of a field in every eight while others are left."""
    left, chosen = list(ideas), list[CareerIdea]()
    counts: dict[str, int] = {}
    while left and len(chosen) < limit:
        if len(chosen) % FIRST == 0:
            counts = {}
        best = next(
            (one for one in left if counts.get(one.occupation.cluster, 0) < A_FIELD),
            left[0],
        )
        left.remove(best)
        chosen.append(best)
        cluster = best.occupation.cluster
        counts[cluster] = counts.get(cluster, 0) + 1
    return chosen


def _idea(
    occupation: Occupation, standing: Standing, riasec: Sequence[str]
) -> CareerIdea:
    best = CareerIdea(
        occupation, LETTERS_GIVEN * likeness(riasec, occupation) // WHOLE, ""
    )
    for liking in standing.likings:
        units, how = _closeness(liking, occupation)
        if units > best.units:
            because = "" if liking.fact.scored else liking.fact.words
            best = CareerIdea(occupation, units, because, how)
    return best


def _closeness(liking: Liking, occupation: Occupation) -> tuple[int, str]:
    """Named by the words counts in full; else the kind of work, or the same field."""
    fact = liking.fact
    if fact.scored:
        return likeness(fact.riasec, occupation) * liking.fresh // WHOLE, LETTERS
    if occupation.code in fact.occupations:
        return liking.fresh, NAMED
    near = ALIKE * likeness(fact.riasec, occupation) // WHOLE
    how = KIND
    if occupation.cluster in fact.clusters and near <= SAME_CLUSTER:
        near, how = SAME_CLUSTER, FIELD
    return near * liking.fresh // WHOLE, how


def likeness(letters: Sequence[str], occupation: Occupation) -> int:
    """Return how alike letters are in thousandths: place by place, half if shifted."""
    theirs = occupation.interests[: len(LETTER_WEIGHTS)]
    total = sum(LETTER_WEIGHTS[: len(letters)])
    if not total:
        return 0
    found = 0
    for place, letter in enumerate(letters[: len(LETTER_WEIGHTS)]):
        if theirs[place : place + 1] == (letter,):
            found += LETTER_WEIGHTS[place]
        elif letter in theirs:
            found += LETTER_WEIGHTS[place] // 2
    return WHOLE * found // total


@lru_cache(maxsize=120)
def fields_of(letters: tuple[str, ...], catalog: Catalog) -> tuple[str, ...]:
    """Return the fields of the careers that letters lead to, at most four.

    They come out of the ideas, where fields take turns, so that one field with many
    jobs of a kind does not stand for all of them.
    """
    nobody = Standing(StudentFacts(), catalog, date.min)
    found = career_ideas(nobody, letters)
    return tuple(dict.fromkeys(one.occupation.cluster for one in found))[:FIELDS]


def scored_interest(
    scores: Mapping[str, int], said_on: date, catalog: Catalog
) -> InterestFact | None:
    """Return six scores as an interest; None where they are all the same."""
    if not scores or is_flat(scores):
        return None
    letters = strongest(scores)
    fields = fields_of(letters, catalog)
    words = in_words(scores)
    return InterestFact(words, said_on, fields, riasec=letters, source=SCORES)
