"""Other choices tried out: what they would open, close and count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathways.domain.catalog import Catalog, CreditOption, Entry
from pathways.domain.facts import CourseState, StudentFacts
from pathways.domain.matching import Pools, explained
from pathways.domain.options import Option
from pathways.domain.shelves import index_of
from pathways.domain.standing import Standing


@dataclass(frozen=True)
class Choices:
    """Changed choices, by the codes of courses and places."""

    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    finish: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Every code that is named."""
        return frozenset(self.drop + self.add + self.finish)


@dataclass(frozen=True)
class Differences:
    """What other choices change; `earns` is credit that an approved plan could give."""

    opened: tuple[Option, ...]
    closed: tuple[Option, ...]
    earns: tuple[CreditOption, ...]


def with_choices(
    facts: StudentFacts, catalog: Catalog, choices: Choices
) -> StudentFacts:
    """Return the facts as they would be; places that are added leave courses alone."""
    courses = {
        code: state for code, state in facts.courses.items() if code not in choices.drop
    }
    for code in choices.add:
        if code in catalog.courses:
            courses.setdefault(code, CourseState.IN_PROGRESS)
    for code in choices.finish:
        if code in catalog.courses:
            courses[code] = CourseState.COMPLETED
    return replace(facts, courses=courses)


def differences(before: Standing, choices: Choices) -> Differences:
    """Compare what is open before and after, on the same day."""
    catalog = before.catalog
    facts = with_choices(before.facts, catalog, choices)
    after = before.with_facts(facts)
    then, now = _open(before), _open(after)
    same = choices.codes | _credits_of(catalog, choices)
    opened = [code for code in now if code not in then and code not in same]
    closed = [code for code in then if code not in now and code not in same]
    return Differences(
        _explained(opened, now, after),
        _explained(closed, then, after),
        tuple(
            one
            for one in catalog.credit_options.values()
            if set(one.opportunities) & set(choices.add)
        ),
    )


def _open(standing: Standing) -> dict[str, Entry]:
    """Return what is open, the best first."""
    pools = Pools(index_of(standing.catalog), standing, None)
    return {pools.code(one): pools.entry(one) for one in pools.open}


def _credits_of(catalog: Catalog, choices: Choices) -> frozenset[str]:
    """Return the other ways to the very courses that are chosen."""
    return frozenset(
        one.code
        for one in catalog.credit_options.values()
        if one.course in choices.codes
    )


def _explained(
    codes: Sequence[str], entries: dict[str, Entry], standing: Standing
) -> tuple[Option, ...]:
    found = (explained(entries[code], standing) for code in codes)
    return tuple(option for option in found if option is not None)
