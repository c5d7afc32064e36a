"""Credit plans as each party sees them: fields, history, what is missing (O7, A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.credit_plan import (
    EDITABLE,
    TAKE_BACK_MINUTES,
    Act,
    Party,
    State,
    acts_for,
    needs_words,
    overdue,
    past_due,
    waits_for,
)
from pathways.domain.plan_fields import (
    FIELDS,
    Field,
    FieldKind,
    day_of,
    missing_fields,
    needed_fields,
    plan_warnings,
)
from pathways.domain.policy import Policy
from pathways.services.access import Actor, school_of
from pathways.services.alerts import full_name
from pathways.services.credit_plan_access import can_take_back
from pathways.services.credit_plan_notes import (
    Note,
    appeal_route,
    rules_for,
    warning,
)
from pathways.services.policy import policy_for
from pathways.services.school_day import in_words
from pathways.store.credit_models import CreditPlan, CreditPlanStep
from pathways.store.unit_of_work import UnitOfWork
from pathways.texts import say, word

PLAN_RULE = "credit_flex.plan_fields"


@dataclass(frozen=True)
class FieldView:
    """A field with its label, what is in it, and how people read that."""

    name: str
    label: str
    kind: str
    value: str
    shown: str
    needed: bool
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StepView:
    """One step of the history; `who` is empty where the clock acted."""

    act: str
    before: str
    after: str
    party: str
    who: str
    words: str
    at: datetime


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list; `yours` says that the next step is the reader's."""

    id: str
    student: str
    title: str
    state: str
    waits_for: str
    since: datetime
    yours: bool
    late: bool


@dataclass(frozen=True)
class PlanView:
    """A plan in full, for one party.

    `missing` are names of fields; `acts` what the reader may do now, `word_acts` those
    that need words; `appeal` the way to ask again after a no; `late` that an approver
    took longer than the district allows, or that the work's day has passed; `until` the
    moment to which the reader may take their decision back.
    """

    id: str
    student: str
    party: str
    title: str
    state: str
    version: int
    since: datetime
    waits_for: str
    late: bool
    editable: bool
    fields: tuple[FieldView, ...]
    missing: tuple[str, ...]
    warnings: tuple[Note, ...]
    rules: tuple[Note, ...]
    acts: tuple[str, ...]
    until: datetime | None
    word_acts: tuple[str, ...]
    appeal: tuple[Note, ...]
    history: tuple[StepView, ...]
    policy_version: str


def missing_in(plan: CreditPlan, policy: Policy) -> tuple[str, ...]:
    """Return the fields that base or state ask for and that are still empty."""
    asked = policy.value(PLAN_RULE, "fields") or ()
    return missing_fields(plan.fields, asked)


def line_of(
    work: UnitOfWork,
    actor: Actor,
    plan: CreditPlan,
    party: Party,
    catalog: Catalog,
    milepost: Milepost,
) -> PlanLine:
    """Return a plan as one line of a list."""
    student = work.people.by_id(plan.student_id)
    waiting = waits_for(State(plan.state))
    return PlanLine(
        plan.id,
        full_name(student) if student else "",
        title_of(plan.fields, catalog, actor.language),
        plan.state,
        waiting or "",
        plan.since,
        waiting is party,
        _late(work, actor, plan, milepost),
    )


def title_of(fields: Mapping[str, str], catalog: Catalog, language: str) -> str:
    """Return the course that a plan is for."""
    course = catalog.courses.get(fields.get("course", ""))
    if course is None:
        return say(language, "credit_plan.untitled")
    return catalog.wordings.get(language, {}).get(course.title, course.title)


def _late(work: UnitOfWork, actor: Actor, plan: CreditPlan, milepost: Milepost) -> bool:
    school = school_of(work, actor)
    days = policy_for(work, school).district.deadlines.credit_flex_decision_days
    state, due = State(plan.state), day_of(plan.fields.get("due_date"))
    waited = overdue(state, plan.since, milepost.clock(), days)
    return waited or past_due(state, due, milepost.today(school))


def view_of(
    work: UnitOfWork,
    actor: Actor,
    plan: CreditPlan,
    party: Party,
    catalog: Catalog,
    milepost: Milepost,
) -> PlanView:
    """Return a plan in full, as one party sees it.

    While a plan is back with the student, others see it as it was signed.
    """
    steps = work.credits.steps(plan.school_id, plan.id)
    policy = policy_for(work, school_of(work, actor))
    fields = plan.fields if party is Party.STUDENT else _as_signed(plan, steps)
    line = line_of(work, actor, plan, party, catalog, milepost)
    today = milepost.today(school_of(work, actor))
    acts = acts_for(State(plan.state), party)
    if party is Party.COUNSELOR and can_take_back(milepost, actor, plan, steps):
        acts = (*acts, Act.TAKE_BACK)
    return PlanView(
        id=plan.id,
        student=line.student,
        party=party,
        title=title_of(fields, catalog, actor.language),
        state=plan.state,
        version=plan.version,
        since=plan.since,
        waits_for=line.waits_for,
        late=line.late,
        editable=party is Party.STUDENT and plan.state in EDITABLE,
        fields=_fields(work, actor, fields, policy, catalog),
        missing=missing_in(plan, policy) if party is Party.STUDENT else (),
        warnings=tuple(
            warning(one, policy, actor) for one in plan_warnings(fields, today)
        ),
        rules=rules_for(policy),
        acts=acts,
        until=(
            steps[-1].at + timedelta(minutes=TAKE_BACK_MINUTES)
            if Act.TAKE_BACK in acts
            else None
        ),
        word_acts=tuple(one for one in acts if needs_words(State(plan.state), one)),
        appeal=appeal_route(policy, actor),
        history=tuple(_step(work, one) for one in steps),
        policy_version=plan.policy_version,
    )


def _as_signed(plan: CreditPlan, steps: Sequence[CreditPlanStep]) -> Mapping[str, str]:
    """Return the fields as others may see them: those under the last signature."""
    if plan.state not in EDITABLE:
        return plan.fields
    signed = [one.fields for one in steps if one.act == Act.SIGN]
    return signed[-1] if signed else {}


def _fields(
    work: UnitOfWork,
    actor: Actor,
    values: Mapping[str, str],
    policy: Policy,
    catalog: Catalog,
) -> tuple[FieldView, ...]:
    needed = set(needed_fields(policy.value(PLAN_RULE, "fields") or ()))
    found = []
    for name, field in FIELDS.items():
        value = values.get(name, "")
        found.append(
            FieldView(
                name,
                say(actor.language, f"credit_plan.{name}"),
                field.kind,
                value,
                _shown(work, actor, field, value, catalog),
                name in needed,
                tuple(
                    (one, say(actor.language, f"credit_plan.choice_{one}"))
                    for one in field.choices
                ),
            )
        )
    return tuple(found)


def _shown(
    work: UnitOfWork, actor: Actor, field: Field, value: str, catalog: Catalog
) -> str:
    """Return a value as people read it: a title, a name, a day in words."""
    if not value:
        return ""
    if field.kind is FieldKind.COURSE:
        known = value in catalog.courses
        return title_of({"course": value}, catalog, actor.language) if known else value
    if field.kind is FieldKind.PERSON:
        person = work.people.by_id(value)
        return full_name(person) if person else ""
    if field.kind is FieldKind.DAY and (day := day_of(value)):
        return in_words(day, actor.language, with_year=True)
    if field.choices:
        return say(actor.language, f"credit_plan.choice_{value}")
    return word(actor.language, value) if field.name == "ways" else value


def _step(work: UnitOfWork, row: CreditPlanStep) -> StepView:
    person = work.people.by_id(row.actor_id) if row.actor_id else None
    return StepView(
        row.act,
        row.before,
        row.after,
        row.party,
        full_name(person) if person else "",
        row.words,
        row.at,
    )
