"""What in a catalog a counselor had better look at (feature A5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pathways.domain.catalog import (
    Catalog,
    Competency,
    Course,
    CreditOption,
    Entry,
    Occupation,
    Opportunity,
    Program,
    Seal,
    Status,
)
from pathways.domain.entries import Described
from pathways.domain.four_years import unfinished
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.references import (
    REFERENCES,
    broken_references,
    courses_of,
    prerequisite_circles,
)

PAY_LASTS_YEARS = 2
NAMED_KINDS: tuple[type[Entry], ...] = (Occupation, Course, Competency, Program)


class Check(StrEnum):
    """What a finding is about, the most urgent first."""

    BROKEN = "broken"
    CIRCLE = "circle"
    UNFINISHED = "unfinished"
    RETIRED = "retired"
    NO_POLICY = "no_policy"
    PAST = "past"
    UNDATED = "undated"
    STALE = "stale"
    UNTAUGHT = "untaught"
    COLLIDES = "collides"
    NO_CREDENTIAL = "no_credential"
    HALF_TOLD = "half_told"
    UNSERVED = "unserved"


@dataclass(frozen=True)
class Finding:
    """One thing to look at, and the entry where to change it, if there is one."""

    check: Check
    kind: str
    code: str
    title: str
    detail: str


def _at(rule: Check, entry: Entry, detail: str) -> Finding:
    return Finding(rule, entry.kind, entry.code, entry.title, detail)


def lint(catalog: Catalog, today: date, policy_rules: Collection[str]) -> list[Finding]:
    """Return what to look at, the most urgent first.

    Args:
        catalog: one version.
        today: the day at the school.
        policy_rules: the ids of the state's rules that credit options may name.
    """
    found = [
        *_broken(catalog),
        *_circles(catalog),
        *_unfinished(catalog),
        *_retired(catalog),
        *_without_policy(catalog, policy_rules),
        *_opportunities(catalog, today),
        *_stale(catalog, today),
        *_untaught(catalog),
        *_collisions(catalog),
        *_led_apart(catalog),
        *_credentials(catalog),
        *_half_told(catalog),
    ]
    order = list(Check)
    return sorted(found, key=lambda one: (order.index(one.check), one.kind, one.code))


def _active(catalog: Catalog) -> Iterator[Entry]:
    for group in catalog.entries.values():
        yield from (one for one in group.values() if one.status is Status.ACTIVE)


def _broken(catalog: Catalog) -> Iterator[Finding]:
    for one in broken_references(catalog):
        yield _at(Check.BROKEN, one.entry, f"{one.column}: {one.reason}")


def _circles(catalog: Catalog) -> Iterator[Finding]:
    courses = courses_of(catalog)
    for circle in prerequisite_circles(courses):
        way = " -> ".join(circle)
        yield _at(Check.CIRCLE, courses[circle[0]], f"prerequisites go round: {way}")


def _unfinished(catalog: Catalog) -> Iterator[Finding]:
    for program in catalog.programs.values():
        late = unfinished(program, catalog.courses)
        if late:
            names = ", ".join(late)
            yield _at(Check.UNFINISHED, program, f"not by grade 12: {names}")


def _retired(catalog: Catalog) -> Iterator[Finding]:
    """Yield active entries that name others which students no longer hear of."""
    for kind, column, wanted in REFERENCES:
        known = catalog.entries.get(wanted.kind, {})
        for entry in catalog.entries.get(kind.kind, {}).values():
            if entry.status is not Status.ACTIVE:
                continue
            value = getattr(entry, column)
            for code in (value,) if isinstance(value, str) else value:
                if code in known and known[code].status is not Status.ACTIVE:
                    state = known[code].status.value
                    yield _at(Check.RETIRED, entry, f"{column}: {code} is {state}")


def _without_policy(
    catalog: Catalog, policy_rules: Collection[str]
) -> Iterator[Finding]:
    named: list[CreditOption | Seal] = [*catalog.credit_options.values()]
    named += catalog.seals.values()
    for one in named:
        if not one.policy_rule:
            yield _at(Check.NO_POLICY, one, "names no rule")
        elif one.policy_rule not in policy_rules:
            yield _at(Check.NO_POLICY, one, f"there is no rule {one.policy_rule}")


def _opportunities(catalog: Catalog, today: date) -> Iterator[Finding]:
    for one in catalog.opportunities.values():
        last = one.ends or one.starts
        if last is not None and last < today:
            yield _at(Check.PAST, one, f"ended {last.isoformat()}")
        elif one.apply_by is not None and one.apply_by < today:
            yield _at(Check.PAST, one, f"closed {one.apply_by.isoformat()}")
        elif last is None and one.apply_by is None:
            yield _at(Check.UNDATED, one, "has no date")


def _stale(catalog: Catalog, today: date) -> Iterator[Finding]:
    for entry in _active(catalog):
        if entry.review_by is not None and entry.review_by <= today:
            due = entry.review_by.isoformat()
            yield _at(Check.STALE, entry, f"was to be reviewed by {due}")
    for one in catalog.occupations.values():
        year = one.pay_as_of[:4]
        if year.isdigit() and today.year - int(year) > PAY_LASTS_YEARS:
            yield _at(Check.STALE, one, f"pay is of {one.pay_as_of}")


def _untaught(catalog: Catalog) -> Iterator[Finding]:
    taught = {
        code
        for course in catalog.courses.values()
        for code in course.competencies_taught
    }
    taught |= {
        code for one in catalog.opportunities.values() for code in one.competencies
    }
    for code, competency in catalog.competencies.items():
        if code not in taught:
            yield _at(Check.UNTAUGHT, competency, "no course or opportunity builds it")


def _collisions(catalog: Catalog) -> Iterator[Finding]:
    """Yield names by which two entries of a kind go; the first one wins."""
    for kind in NAMED_KINDS:
        first: dict[str, Entry] = {}
        for entry in catalog.entries.get(kind.kind, {}).values():
            if entry.status is not Status.ACTIVE:
                continue
            names = (entry.title, *getattr(entry, "everyday_names", ()))
            for name in dict.fromkeys(fold(one) for one in names):
                other = first.setdefault(name, entry)
                if other is not entry:
                    detail = f'"{name}" also names {other.title} ({other.code})'
                    yield _at(Check.COLLIDES, entry, detail)


def _led_apart(catalog: Catalog) -> Iterator[Finding]:
    """Yield students' words that name one occupation and lead to others."""
    names = lexicon_of(catalog).occupations
    for phrase in catalog.phrases.values():
        named = names.get(fold(phrase.code))
        if named is not None and named.code not in phrase.occupations:
            detail = f"names {named.title} ({named.code}) but does not lead there"
            yield _at(Check.COLLIDES, phrase, detail)


def _credentials(catalog: Catalog) -> Iterator[Finding]:
    if not catalog.credentials:
        return
    known = {fold(one.title) for one in catalog.credentials.values()}
    for program in catalog.programs.values():
        for title in program.credentials:
            if fold(title) not in known:
                yield _at(Check.NO_CREDENTIAL, program, f"nothing describes {title}")


def _half_told(catalog: Catalog) -> Iterator[Finding]:
    """Yield entries with one part in Spanish and the other in English alone."""
    for entry in _active(catalog):
        if not isinstance(entry, Described) or not entry.description:
            continue
        if entry.title_es and not entry.description_es:
            yield _at(Check.HALF_TOLD, entry, "has a Spanish title only")
        elif entry.description_es and not entry.title_es:
            yield _at(Check.HALF_TOLD, entry, "has a Spanish description only")


@dataclass(frozen=True)
class Wish:
    """What students said they like, aim for or asked for, and how many of them did.

    Attributes:
        kind: the kind of opportunity that they asked for; empty for any.
    """

    words: str
    students: int
    kind: str = ""


def unserved(
    catalog: Catalog, wishes: Collection[Wish], leads: Callable[[str], Collection[str]]
) -> list[Finding]:
    """Return wishes to which nothing the school offers leads, the commonest first.

    Args:
        catalog: one version.
        wishes: what students said.
        leads: the occupations to which words lead; none for words nobody knows.
    """
    found = []
    for wish in sorted(wishes, key=lambda one: (-one.students, one.words, one.kind)):
        codes = leads(wish.words)
        said = f"{wish.students} students"
        what = wish.kind.replace("_", " ") or "pathway or opportunity"
        if not codes:
            detail = f"{said}; the catalog does not know these words"
        elif not _served(catalog, wish.kind) & set(codes):
            detail = f"{said}; no {what} leads there"
        else:
            continue
        found.append(Finding(Check.UNSERVED, "phrase", "", wish.words, detail))
    return found


def _served(catalog: Catalog, kind: str) -> set[str]:
    """Return the occupations to which something students hear of leads."""
    offered: list[Program | Opportunity] = [
        one for one in catalog.opportunities.values() if kind in ("", one.sort)
    ]
    if not kind:
        offered += catalog.programs.values()
    return {code for one in offered for code in one.occupations}
