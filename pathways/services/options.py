"""Suggestions with their reasons, why and why not (features O4-O6, O9, O12)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from pathways.app import Milepost
from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Entry,
    Opportunity,
    Status,
)
from pathways.domain.lexicon import fold, lexicon_of
from pathways.domain.matching import candidates, explained, rank
from pathways.domain.options import OptionKind
from pathways.domain.policy_limits import limits_of
from pathways.domain.transcript import inputs_of, transcript
from pathways.services.access import Actor, note_look, school_of, student_for
from pathways.services.errors import Invalid, NotFound
from pathways.services.option_views import (
    OptionView,
    Seen,
    view,
    view_with_changes,
)
from pathways.services.policy import policy_for
from pathways.services.student_facts import facts_of
from pathways.store.models import Choice, Suggestion
from pathways.store.unit_of_work import UnitOfWork

SAVED, DISMISSED = "saved", "dismissed"


@dataclass(frozen=True)
class Suggestions:
    """Ranked options and those not open yet, with the versions they rest on.

    `early` says that the student has named no interest and no career yet.
    """

    id: str
    catalog_version: int
    policy_version: str
    as_of: date
    items: tuple[OptionView, ...]
    not_yet: tuple[OptionView, ...]
    early: bool


def see(milepost: Milepost, work: UnitOfWork, actor: Actor, student_id: str) -> Seen:
    """Return everything that a view of a student's options rests on."""
    student = student_for(work, actor, student_id)
    note_look(work, actor, student.id, "options", milepost.clock())
    school = school_of(work, actor)
    today = milepost.today(school)
    catalog = milepost.catalogs.current(work, actor.school_id)
    policy = policy_for(work, school)
    limits = limits_of(policy, student.grade, today)
    choices = work.records.choices(student.school_id, student.id)
    return Seen(
        catalog,
        facts_of(work, student, catalog, today, limits, choices),
        today,
        policy.version,
        {choice.option: choice.decision for choice in choices},
        actor.language,
        limits,
    )


def suggest(
    milepost: Milepost,
    actor: Actor,
    kind: OptionKind | None = None,
    limit: int = 5,
) -> Suggestions:
    """Suggest options to the student who asks, and log what was suggested.

    Args:
        milepost: the product.
        actor: a student.
        kind: one kind of option, or None for a mix.
        limit: how many to suggest at most.
    """
    with milepost.work() as work:
        seen = see(milepost, work, actor, actor.id)
        ranking = rank(seen.facts, seen.catalog, seen.today, kind, limit, seen.limits)
        logged = work.records.add(
            Suggestion(
                school_id=actor.school_id,
                student_id=actor.id,
                kind=kind.value if kind else "mixed",
                catalog_version=seen.catalog.version,
                policy_version=seen.policy_version,
                inputs_hash=inputs_hash(seen, kind, limit),
                ranking=[
                    {"id": one.entry.code, "score": one.score, "stretch": one.stretch}
                    for one in ranking.items
                ],
                inputs=inputs_of(seen.facts, seen.today, kind, limit, seen.limits),
                output_hash=hashlib.sha256(transcript(ranking)).hexdigest(),
                suggested_at=milepost.clock(),
            )
        )
        work.commit()
        return Suggestions(
            logged.id,
            seen.catalog.version,
            seen.policy_version,
            seen.today,
            tuple(view(one, seen) for one in ranking.items),
            tuple(view(one, seen) for one in ranking.not_yet),
            not seen.facts.interests and not seen.facts.careers,
        )


def inputs_hash(seen: Seen, kind: OptionKind | None, limit: int) -> str:
    """Return the SHA-256 of everything that a ranking depends on."""
    inputs = [
        seen.facts.fingerprint,
        seen.catalog.version,
        seen.policy_version,
        seen.today.isoformat(),
        kind.value if kind else None,
        limit,
    ]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


def why(
    milepost: Milepost, actor: Actor, option_id: str, student_id: str = ""
) -> OptionView:
    """Say why an option fits or does not, and what would change that.

    Raises:
        NotFound: the catalog has no such option.
    """
    with milepost.work() as work:
        seen = see(milepost, work, actor, student_id or actor.id)
        entry = entry_by_code(seen.catalog, option_id)
        option = explained(entry, seen.standing)
        if option is None:
            raise NotFound("The option")
        return view_with_changes(option, seen)


def entry_by_code(catalog: Catalog, code: str) -> Entry:
    """Return the course, opportunity or credit option with a code.

    One that the school has withdrawn is returned too, so that a student who saw it
    hears that it is gone; a draft is not.
    """
    for kind in (Course.kind, Opportunity.kind, CreditOption.kind):
        entry = catalog.entries.get(kind, {}).get(code)
        if entry is not None and entry.status is not Status.DRAFT:
            return entry
    raise NotFound("The option")


def find_option(
    milepost: Milepost,
    actor: Actor,
    words: Sequence[str],
    kinds: Sequence[OptionKind] = (),
) -> str | None:
    """Return the code of the option that a student's words name.

    Args:
        milepost: the product.
        actor: a student.
        words: codes or names found in the message, the most telling first.
        kinds: look only among these kinds; any kind where empty.
    """
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    lexicon = lexicon_of(catalog)
    for one in words:
        with suppress(NotFound):
            return entry_by_code(catalog, one).code
        named = lexicon.courses.get(fold(one)) or lexicon.organizations.get(fold(one))
        if named is not None:
            return named.code
    for one in words:
        found = _by_title(catalog, one, kinds)
        if found:
            return found
    return None


def _by_title(catalog: Catalog, words: str, kinds: Sequence[OptionKind]) -> str | None:
    wanted = fold(words)
    for kind in kinds or (None,):
        for entry in candidates(catalog, kind):
            titles = (entry.title, getattr(entry, "title_es", ""))
            if wanted and any(f" {wanted} " in f" {fold(one)} " for one in titles):
                return entry.code
    return None


def needed_for(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> tuple[str, str, list[str]] | None:
    """Return a named course's title and credits, and the courses that need it."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    lexicon = lexicon_of(catalog)
    course = next(
        (found for one in words if (found := lexicon.courses.get(fold(one)))), None
    )
    if course is None:
        return None
    later = [
        one.title for one in catalog.courses.values() if course.code in one.rule.codes
    ]
    return course.title, f"{course.credits:g}", sorted(later)


def last_suggested(milepost: Milepost, actor: Actor) -> tuple[str, ...]:
    """Return the codes that were suggested last, the best first."""
    with milepost.work() as work:
        last = work.records.last_suggestion(actor.school_id, actor.id)
        return tuple(str(one["id"]) for one in last.ranking) if last else ()


def last_titles(milepost: Milepost, actor: Actor) -> list[tuple[str, str]]:
    """Return (code, title) of what was suggested last and is still in the catalog."""
    codes = last_suggested(milepost, actor)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    groups = (catalog.courses, catalog.opportunities, catalog.credit_options)
    return [
        (code, group[code].title) for code in codes for group in groups if code in group
    ]


def decide(
    milepost: Milepost, actor: Actor, option_id: str, decision: str
) -> OptionView:
    """Save an option to the plan or turn it down; the last decision counts.

    What the school has withdrawn is not saved: the view says so.
    """
    if decision not in (SAVED, DISMISSED, ""):
        raise Invalid("An option can be saved or dismissed.", "decision")
    found = why(milepost, actor, option_id)
    if decision == SAVED and found.withdrawn:
        return found
    with milepost.work() as work:
        choices = work.records.choices(actor.school_id, actor.id)
        row = next((one for one in choices if one.option == option_id), None)
        if row is None:
            row = work.records.add(
                Choice(school_id=actor.school_id, student_id=actor.id, option=option_id)
            )
        row.decision, row.decided_at = decision, milepost.clock()
        work.commit()
    return found


def saved(milepost: Milepost, actor: Actor, student_id: str = "") -> list[OptionView]:
    """Return the options that a student keeps in the plan."""
    with milepost.work() as work:
        seen = see(milepost, work, actor, student_id or actor.id)
        found = []
        for code, decision in seen.decisions.items():
            if decision != SAVED:
                continue
            try:
                entry = entry_by_code(seen.catalog, code)
            except NotFound:
                continue
            option = explained(entry, seen.standing)
            if option is not None:
                found.append(view(option, seen))
    return found
