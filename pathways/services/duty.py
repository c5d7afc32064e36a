"""Who is on duty for alerts at a school, when they look, and how they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from pathways.app import Milepost
from pathways.domain.escalation import WEEKDAYS, Hours
from pathways.senders.webhook import address_problem
from pathways.services.access import STAFF, WATCHES, Actor, Role, require, school_of
from pathways.services.errors import Invalid
from pathways.store.alert_models import DutyMember, DutyPlan
from pathways.store.models import Person, School
from pathways.store.unit_of_work import UnitOfWork

NO_NAME, INITIALS, NAME = "none", "initials", "name"
NAMINGS = (NO_NAME, INITIALS, NAME)
WORK_WEEK = WEEKDAYS[:5]
OPENS, CLOSES = "08:00", "15:00"


@dataclass(frozen=True)
class Duty:
    """A school's duty list as it is set.

    Attributes:
        members: person id to e-mail address, in the order of the list; the address may
            be empty.
        naming: what a notice may say of the student: none, initials or name.
        webhook: https address of the school's own system, or empty.
        is_set: whether the school ever set it.
    """

    days: tuple[str, ...] = WORK_WEEK
    opens: str = OPENS
    closes: str = CLOSES
    closed: tuple[str, ...] = ()
    naming: str = NO_NAME
    webhook: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    is_set: bool = False


@dataclass(frozen=True)
class StaffRow:
    """Someone who can be on duty."""

    id: str
    name: str
    username: str
    role: str


def view_duty(milepost: Milepost, actor: Actor) -> Duty:
    """Return the duty list of the actor's school."""
    require(actor, Role.ADMIN, *WATCHES)
    with milepost.work() as work:
        return duty_of(work, actor.school_id)


def staff(milepost: Milepost, actor: Actor) -> list[StaffRow]:
    """Return who can be put on the duty list."""
    require(actor, Role.ADMIN, *WATCHES)
    with milepost.work() as work:
        return staff_of(work, actor.school_id)


def set_duty(milepost: Milepost, actor: Actor, duty: Duty) -> None:
    """Set the duty list of the actor's school, as an administrator.

    Raises:
        Invalid: a value can't be used; `field` names which.
    """
    require(actor, Role.ADMIN)
    with milepost.work() as work:
        save_duty(milepost, work, school_of(work, actor), duty, actor.id)
        work.commit()


def is_on_duty(work: UnitOfWork, actor: Actor) -> bool:
    """Tell whether someone is on their school's duty list."""
    members = work.alerts.duty_members(actor.school_id)
    return actor.role in STAFF and any(one.person_id == actor.id for one in members)


def duty_of(work: UnitOfWork, school_id: str) -> Duty:
    """Return a school's duty list; the usual hours where none is set."""
    plan = work.alerts.duty_plan(school_id)
    if plan is None:
        return Duty()
    members = work.alerts.duty_members(school_id)
    return Duty(
        tuple(plan.days),
        plan.opens,
        plan.closes,
        tuple(plan.closed),
        plan.naming,
        plan.webhook,
        {one.person_id: one.email for one in members},
        True,
    )


def hours_of(duty: Duty, school: School) -> Hours:
    """Return when the people on duty look, with the school's own clock."""
    return Hours(
        ZoneInfo(school.timezone),
        frozenset(WEEKDAYS.index(one) for one in duty.days),
        time.fromisoformat(duty.opens),
        time.fromisoformat(duty.closes),
        frozenset(date.fromisoformat(one) for one in duty.closed),
    )


def people_on_duty(work: UnitOfWork, school_id: str, duty: Duty) -> list[Person]:
    """Return who is on duty, in order.

    Where the list is empty: the safety leads, and where there are none the counselors.
    """
    listed = [work.people.person(school_id, one) for one in duty.members]
    present = [one for one in listed if one is not None and one.role in STAFF]
    leads = work.people.in_role(school_id, Role.SAFETY_LEAD)
    return present or list(leads or work.people.in_role(school_id, Role.COUNSELOR))


def staff_of(work: UnitOfWork, school_id: str) -> list[StaffRow]:
    """Return a school's staff, counselors first."""
    order = (Role.SAFETY_LEAD, Role.COUNSELOR, Role.ADVISOR, Role.ADMIN)
    return [
        StaffRow(one.id, f"{one.given_name} {one.family_name}", one.username, role)
        for role in order
        for one in work.people.in_role(school_id, role)
    ]


def watch_hours(milepost: Milepost, actor: Actor) -> Hours | None:
    """Return when people at the actor's school look; None where nobody has set it."""
    with milepost.work() as work:
        duty = duty_of(work, actor.school_id)
        if not duty.is_set or not duty.members:
            return None
        return hours_of(duty, school_of(work, actor))


def save_duty(
    milepost: Milepost, work: UnitOfWork, school: School, duty: Duty, by: str | None
) -> None:
    """Put a duty list into a unit of work, in the place of the one before.

    Raises:
        Invalid: a value can't be used; `field` names which.
    """
    _check(milepost, duty)
    known = {one.id for one in staff_of(work, school.id)}
    if not set(duty.members) <= known:
        raise Invalid("Only staff of this school can be on duty.", "members")
    plan = work.alerts.duty_plan(school.id) or work.alerts.add(
        DutyPlan(school_id=school.id)
    )
    plan.days = [one for one in WEEKDAYS if one in duty.days]
    plan.opens, plan.closes = duty.opens, duty.closes
    plan.closed = sorted(set(duty.closed))
    plan.naming, plan.webhook = duty.naming, duty.webhook
    plan.changed_at, plan.changed_by = milepost.clock(), by
    work.alerts.clear_duty(school.id)
    for place, (person_id, email) in enumerate(duty.members.items()):
        work.alerts.add(
            DutyMember(
                school_id=school.id, person_id=person_id, place=place, email=email
            )
        )


def _check(milepost: Milepost, duty: Duty) -> None:
    if not duty.days or not set(duty.days) <= set(WEEKDAYS):
        raise Invalid("Choose at least one day of the week.", "days")
    if not _time(duty.opens, "opens") < _time(duty.closes, "closes"):
        raise Invalid("The day must end after it begins.", "closes")
    for one in duty.closed:
        _day(one)
    if duty.naming not in NAMINGS:
        raise Invalid("Choose none, initials or name.", "naming")
    for person_id, email in duty.members.items():
        if email and not _is_address(email):
            raise Invalid("This is not an e-mail address.", f"email_{person_id}")
    here = milepost.settings.webhook_loopback
    if duty.webhook and address_problem(duty.webhook, here):
        raise Invalid("A webhook needs a public https address.", "webhook")
    if duty.webhook and not milepost.settings.webhook_secret:
        raise Invalid("Set MILEPOST_WEBHOOK_SECRET first.", "webhook")


def _is_address(email: str) -> bool:
    name, domain = parseaddr(email)[1].rpartition("@")[::2]
    plain = email.isprintable() and " " not in email and len(email) <= 200
    return bool(plain and name and "." in domain and parseaddr(email)[1] == email)


def _time(text: str, field: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise Invalid("Write a time like 08:00.", field) from None
    if len(text) != 5:
        raise Invalid("Write a time like 08:00.", field)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Write days like 2026-11-26.", "closed") from None


def listed(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a form's or a command's list, without the empty ones."""
    return tuple(one.strip().lower() for one in words if one.strip())
