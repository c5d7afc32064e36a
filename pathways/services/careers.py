"""What a career is like, pays and takes, each fact with its source (O1, O3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, Occupation, Program
from pathways.domain.lexicon import lexicon_of
from pathways.services.access import Actor, Role, require
from pathways.services.published import with_published
from pathways.store.models import Interest
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Career:
    """An occupation with what the school offers toward it."""

    occupation: Occupation
    programs: tuple[Program, ...]
    related: tuple[str, ...]


def find_career(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> Career | None:
    """Return the first career that any of the words names."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        for one in words:
            occupation = lexicon_of(catalog).occupation(one)
            if occupation is not None:
                return _career(work, actor, catalog, occupation)
    return None


def find_careers(
    milepost: Milepost, actor: Actor, words: Sequence[str]
) -> list[Career]:
    """Return every different career that the words name, in their order."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        lexicon = lexicon_of(catalog)
        found = {
            occupation.code: _career(work, actor, catalog, occupation)
            for one in words
            if (occupation := lexicon.occupation(one)) is not None
        }
    return list(found.values())


def _career(
    work: UnitOfWork, actor: Actor, catalog: Catalog, occupation: Occupation
) -> Career:
    return Career(
        with_published(work, actor.school_id, catalog, occupation, actor.language),
        tuple(
            program
            for program in catalog.programs.values()
            if occupation.code in program.occupations
        ),
        tuple(
            catalog.occupations[code].title
            for code in occupation.related
            if code in catalog.occupations
        ),
    )


def programs(milepost: Milepost, actor: Actor, words: Sequence[str]) -> list[Program]:
    """Return the school's pathways that words lead to, or all of them."""
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
    lexicon = lexicon_of(catalog)
    clusters = {cluster for one in words for cluster in lexicon.leads(one).clusters}
    every = sorted(catalog.programs.values(), key=lambda one: one.title)
    return [one for one in every if one.cluster in clusters] or every


@dataclass(frozen=True)
class Told:
    """An interest as recorded, and three careers it leads to, spread over fields."""

    words: str
    careers: tuple[Occupation, ...]


def tell_interest(milepost: Milepost, actor: Actor, words: Sequence[str]) -> list[Told]:
    """Record what a student likes; words that lead nowhere are kept as said."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        rows = work.records.interests(actor.school_id, actor.id)
        told = []
        for one in dict.fromkeys(word.strip().lower()[:200] for word in words):
            row = next(
                (old for old in rows if old.kind == "interest" and old.words == one),
                None,
            )
            if row is None:
                row = work.records.add(_new(actor, "interest", one, None))
            row.said_at = milepost.clock()
            told.append(Told(one, tuple(_leads(catalog, one))))
        work.commit()
    return told


def _leads(catalog: Catalog, words: str) -> list[Occupation]:
    """Return up to three careers, one a cluster before a second of the same."""
    codes = lexicon_of(catalog).leads(words).occupations
    found = [catalog.occupations[code] for code in codes if code in catalog.occupations]
    seen: dict[str, int] = {}
    ranked = []
    for place, one in enumerate(found):
        seen[one.cluster] = seen.get(one.cluster, 0) + 1
        ranked.append((seen[one.cluster], place, one))
    return [one for _, _, one in sorted(ranked, key=lambda item: item[:2])][:3]


def aim_for(milepost: Milepost, actor: Actor, words: Sequence[str]) -> Career | None:
    """Record the career that a student aims for; None where none is known."""
    require(actor, Role.STUDENT)
    career = find_career(milepost, actor, words)
    if career is None:
        return None
    code = career.occupation.code
    with milepost.work() as work:
        rows = work.records.interests(actor.school_id, actor.id)
        row = next(
            (one for one in rows if one.kind == "career" and one.code == code), None
        )
        if row is None:
            row = work.records.add(_new(actor, "career", career.occupation.title, code))
        row.said_at = milepost.clock()
        work.commit()
    return career


def _new(actor: Actor, kind: str, words: str, code: str | None) -> Interest:
    return Interest(
        school_id=actor.school_id,
        student_id=actor.id,
        language=actor.language,
        kind=kind,
        words=words,
        code=code,
    )
