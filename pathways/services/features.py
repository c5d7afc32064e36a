"""A pilot: features that a school switches on for some grades or groups (A11).

What nobody has switched is on for everyone, but for `OFF_AT_FIRST`. An adult's work is
never switched off, and what a student has begun can always be seen and finished.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pathways.app import Milepost
from pathways.domain.features import GRADES, OFF_AT_FIRST, Feature, Switch
from pathways.services.access import Actor, Role, gate_now, require
from pathways.services.alerts import full_name
from pathways.services.duty import duty_of
from pathways.services.errors import Invalid, NotFound, SwitchedOff
from pathways.store.models import Person, Relation
from pathways.store.pilot_models import FeatureSwitch
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Group:
    """The students of one advisor, as they can be chosen."""

    id: str
    name: str
    students: int


@dataclass(frozen=True)
class SwitchView:
    """A feature's switch, as an administrator sees it.

    Attributes:
        reached: how many students have it now.
        who: who changed it last, and `when`; empty where nobody has.
    """

    feature: Feature
    switch: Switch
    reached: int
    who: str
    when: datetime | None


@dataclass(frozen=True)
class Pilot:
    """The page's content; `ready` says (what, done, how many are left)."""

    switches: tuple[SwitchView, ...]
    grades: tuple[int, ...]
    groups: tuple[Group, ...]
    students: int
    ready: tuple[tuple[str, bool, int], ...]


def require_on(milepost: Milepost, actor: Actor, feature: Feature) -> None:
    """Let a student go on only where a feature is on for them; adults always.

    Raises:
        SwitchedOff: the school has not switched it on for this student.
    """
    with milepost.work() as work:
        check_on(work, actor, feature)


def check_on(work: UnitOfWork, actor: Actor, feature: Feature) -> None:
    """Do what `require_on` does, within a unit of work."""
    if is_off(work, actor, feature):
        raise SwitchedOff(feature, actor.language)


def is_off(work: UnitOfWork, actor: Actor, feature: Feature) -> bool:
    """Tell whether a feature is off for the person who acts."""
    return feature in _off(work, actor, [feature])


def off_for(milepost: Milepost, actor: Actor) -> frozenset[Feature]:
    """Return the features that are off for the person who acts; adults have none."""
    with milepost.work() as work:
        return _off(work, actor, list(Feature))


def _off(
    work: UnitOfWork, actor: Actor, asked: Collection[Feature]
) -> frozenset[Feature]:
    if actor.role is not Role.STUDENT:
        return frozenset()
    known = {name: one for name, one in _switches(work, actor).items() if name in asked}
    if all(one.everyone for one in known.values()):
        return frozenset()
    person = work.people.person(actor.school_id, actor.id)
    grade = person.grade if person else None
    around = [one.id for one in work.people.adults_of(actor.school_id, actor.id)]
    return frozenset(
        name for name, one in known.items() if not one.is_on(grade, around)
    )


def pilot(milepost: Milepost, actor: Actor) -> Pilot:
    """Return every switch, whom it reaches, and what is left before a start.

    Raises:
        NotFound: the actor is not an administrator.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        rows = {one.feature: one for one in _rows(work, actor)}
        switches = _switches(work, actor)
        students = work.people.in_role(actor.school_id, Role.STUDENT)
        around = _around(work, actor)
        views = tuple(
            _view(work, name, switches.get(name, Switch()), students, around, rows)
            for name in Feature
        )
        groups = tuple(
            Group(
                one.id,
                full_name(one),
                sum(one.id in known for known in around.values()),
            )
            for one in work.people.in_role(actor.school_id, Role.ADVISOR)
        )
        known = {one.grade for one in students if one.grade is not None}
        grades = tuple(sorted(known & {*GRADES}))
        ready = _ready(milepost, work, actor, students, around)
        return Pilot(views, grades, groups, len(students), ready)


def _view(
    work: UnitOfWork,
    feature: Feature,
    switch: Switch,
    students: Collection[Person],
    around: dict[str, set[str]],
    rows: dict[str, FeatureSwitch],
) -> SwitchView:
    row = rows.get(feature)
    person = work.people.by_id(row.changed_by) if row and row.changed_by else None
    return SwitchView(
        feature,
        switch,
        sum(switch.is_on(one.grade, around.get(one.id, ())) for one in students),
        full_name(person) if person else "",
        row.changed_at if row else None,
    )


def set_switch(milepost: Milepost, actor: Actor, feature: str, switch: Switch) -> None:
    """Say for whom a feature is on.

    Raises:
        NotFound: the actor is not an administrator, or there is no such feature.
        Invalid: a grade or a group is not one of the school.
    """
    require(actor, Role.ADMIN)
    if feature not in list(Feature):
        raise NotFound("The feature")
    with milepost.work() as work:
        advisors = {one.id for one in work.people.in_role(actor.school_id, "advisor")}
        if not advisors.issuperset(switch.groups):
            raise Invalid("Choose groups of this school.", "groups")
        if not {*GRADES}.issuperset(switch.grades):
            raise Invalid("Choose grades of this school.", "grades")
        row = next((one for one in _rows(work, actor) if one.feature == feature), None)
        if row is None:
            row = FeatureSwitch(school_id=actor.school_id, feature=feature)
            work.session.add(row)
        row.everyone = switch.everyone
        row.grades = [] if switch.everyone else sorted({*switch.grades})
        row.groups = [] if switch.everyone else sorted({*switch.groups})
        row.changed_at, row.changed_by = milepost.clock(), actor.id
        work.commit()


def _rows(work: UnitOfWork, actor: Actor) -> list[FeatureSwitch]:
    query = select(FeatureSwitch).where(FeatureSwitch.school_id == actor.school_id)
    return list(work.session.scalars(query))


def _switches(work: UnitOfWork, actor: Actor) -> dict[Feature, Switch]:
    kept = {
        Feature(one.feature): Switch(one.everyone, tuple(one.grades), tuple(one.groups))
        for one in _rows(work, actor)
        if one.feature in list(Feature)
    }
    return {**dict.fromkeys(OFF_AT_FIRST, Switch(everyone=False)), **kept}


def _around(work: UnitOfWork, actor: Actor) -> dict[str, set[str]]:
    """Return the adults of every student of the school."""
    found: dict[str, set[str]] = {}
    query = select(Relation.student_id, Relation.adult_id).where(
        Relation.school_id == actor.school_id
    )
    for student, adult in work.session.execute(query):
        found.setdefault(student, set()).add(adult)
    return found


def _ready(
    milepost: Milepost,
    work: UnitOfWork,
    actor: Actor,
    students: Collection[Person],
    around: dict[str, set[str]],
) -> tuple[tuple[str, bool, int], ...]:
    """Return what a school needs before its first student: (what, done, left)."""
    advisors = {one.id for one in work.people.in_role(actor.school_id, "advisor")}
    alone = sum(not advisors & around.get(one.id, set()) for one in students)
    held = sum(bool(gate_now(work, one, milepost.day())) for one in students)
    on_duty = len(duty_of(work, actor.school_id).members)
    catalog = work.catalog.newest(actor.school_id) is not None
    return (
        ("people", bool(students), 0),
        ("advisors", bool(students) and alone == 0, alone),
        ("catalog", catalog, 0),
        ("duty", on_duty > 0, 0),
        ("consent", held == 0, held),
    )
