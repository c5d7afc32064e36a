"""Credit-flexibility plans, from draft to record; a clock approves nothing (O7).

For the chat and the page alike: `draft` begins a plan, `save_field` keeps one answer,
`missing` names what an approver still needs, `submit` signs it; `act` does every other
step of the road, `tick` what the clock does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from pathways.app import Milepost
from pathways.domain.catalog import Catalog, CreditOption
from pathways.domain.credit_plan import (
    EDITABLE,
    Act,
    Party,
    State,
    needs_words,
)
from pathways.domain.features import Feature
from pathways.domain.plan_fields import FIELDS, LONGEST, field_problem, plan_problems
from pathways.services.access import Actor, Role, note_look, require, school_of
from pathways.services.credit_plan_access import (
    add_step,
    own_plan,
    plan_for,
    state_after,
)
from pathways.services.credit_plan_views import (
    PlanLine,
    PlanView,
    line_of,
    missing_in,
    view_of,
)
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.features import check_on
from pathways.services.policy import policy_for
from pathways.services.telling import say_to
from pathways.store.credit_models import CreditPlan
from pathways.store.unit_of_work import UnitOfWork

MOST_OPEN = 20


def draft(
    milepost: Milepost, actor: Actor, course: str = "", option: str = ""
) -> PlanView:
    """Begin a plan, filled in from a course or a credit option of the catalog.

    Args:
        milepost: the product.
        actor: the student who plans.
        course: the code of the course whose credit is wished for.
        option: the code of a credit option; it brings course, ways, hours, evidence.

    Raises:
        NotFound: the catalog has no such course or option.
        Invalid: the student has many open plans already.
    """
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        check_on(work, actor, Feature.CREDIT_PLANS)
        policy = policy_for(work, school_of(work, actor))
        catalog = milepost.catalogs.current(work, actor.school_id)
        every = work.credits.plans(actor.school_id, actor.id)
        if sum(one.state in EDITABLE for one in every) >= MOST_OPEN:
            raise Invalid(say_to(actor, "credit_plan.too_many"))
        now = milepost.clock()
        plan = work.credits.add(
            CreditPlan(
                school_id=actor.school_id,
                student_id=actor.id,
                language=actor.language,
                state=State.DRAFT,
                fields=_first_fields(catalog, course, option),
                policy_version=policy.version,
                made_at=now,
                since=now,
            )
        )
        work.commit()
        return view_of(work, actor, plan, Party.STUDENT, catalog, milepost)


def _first_fields(catalog: Catalog, course: str, option: str) -> dict[str, str]:
    chosen = catalog.credit_options.get(option)
    if option and chosen is None:
        raise NotFound("The option")
    code = chosen.course if chosen else course
    if code and code not in catalog.courses:
        raise NotFound("The course")
    fields = {"course": code} if code else {}
    return {**fields, **_from_option(chosen, catalog)} if chosen else fields


def _from_option(chosen: CreditOption, catalog: Catalog) -> dict[str, str]:
    titles = [
        catalog.competencies[code].title
        for code in chosen.competencies
        if code in catalog.competencies
    ]
    found = {
        "ways": chosen.way,
        "credit_amount": f"{chosen.credits:g}",
        "hours": f"{chosen.hours:g}" if chosen.hours else "",
        "how_proficiency_is_shown": chosen.evidence,
        "activities": chosen.description,
        "competencies": "; ".join(titles),
    }
    return {name: text for name, text in found.items() if text}


def save_field(
    milepost: Milepost, actor: Actor, plan_id: str, name: str, text: str
) -> PlanView:
    """Keep one answer of a plan; an empty one takes it out."""
    return save_fields(milepost, actor, plan_id, {name: text})


def save_fields(
    milepost: Milepost,
    actor: Actor,
    plan_id: str,
    answers: Mapping[str, str],
    seen_version: int | None = None,
) -> PlanView:
    """Keep some answers of a plan that is a draft or was returned.

    Raises:
        Invalid: an answer can't be used; `field` says which. Nothing is saved then.
        Stale: the plan has changed since `seen_version`.
        NotFound: it is not the student's plan, or it is out of their hands.
    """
    with milepost.work() as work:
        plan = own_plan(work, actor, plan_id)
        if plan.state not in EDITABLE:
            raise NotFound("The plan")
        if seen_version is not None and seen_version != plan.version:
            raise Stale(say_to(actor, "credit_plan.changed"))
        catalog = milepost.catalogs.current(work, actor.school_id)
        kept = dict(plan.fields)
        for name, text in answers.items():
            kept[name] = _usable(work, actor, catalog, name, text.strip())
        plan.fields = {name: text for name, text in kept.items() if text}
        plan.teacher_id = plan.fields.get("teacher_of_record")
        plan.version += 1
        work.commit()
        return view_of(work, actor, plan, Party.STUDENT, catalog, milepost)


def _usable(
    work: UnitOfWork, actor: Actor, catalog: Catalog, name: str, text: str
) -> str:
    if name not in FIELDS:
        raise Invalid(say_to(actor, "credit_plan.wrong_field"), name)
    grading = policy_for(work, school_of(work, actor)).district.grading
    wrong = field_problem(name, text, grading.pass_fail) if text else ""
    if name == "course" and text and text not in catalog.courses:
        wrong = "no_course"
    if name == "teacher_of_record" and text:
        person = work.people.person(actor.school_id, text)
        if person is None or person.role != Role.ADVISOR:
            wrong = "no_teacher"
    if wrong:
        raise Invalid(say_to(actor, f"credit_plan.wrong_{wrong}"), name)
    return text


def missing(milepost: Milepost, actor: Actor, plan_id: str) -> tuple[str, ...]:
    """Return the names of the fields that an approver still needs, in form order."""
    with milepost.work() as work:
        plan = own_plan(work, actor, plan_id)
        return missing_in(plan, policy_for(work, school_of(work, actor)))


def submit(
    milepost: Milepost, actor: Actor, plan_id: str, seen_version: int | None = None
) -> PlanView:
    """Sign a plan and send it on its road; every signature before it is void."""
    return act(milepost, actor, plan_id, Act.SIGN, seen_version=seen_version)


def act(
    milepost: Milepost,
    actor: Actor,
    plan_id: str,
    what: str,
    words: str = "",
    seen_version: int | None = None,
) -> PlanView:
    """Take one step of the road.

    Args:
        milepost: the product.
        actor: whoever acts; their part in the plan decides what is open to them.
        plan_id: the plan.
        what: one of `Act`.
        words: a reason, evidence or grade, where the step needs words.
        seen_version: the version that the actor looked at.

    Raises:
        NotFound: the plan or the step is not theirs.
        Invalid: words are missing, or a signature comes before all fields.
        Stale: the plan changed after the actor looked.
    """
    with milepost.work() as work:
        plan, party = plan_for(work, actor, plan_id)
        note_look(work, actor, plan.student_id, "credit plan", milepost.clock())
        if what not in list(Act):
            raise NotFound("The step")
        if seen_version is not None and seen_version != plan.version:
            raise Stale(say_to(actor, "credit_plan.changed"))
        step = Act(what)
        after = state_after(milepost, work, actor, plan, party, step)
        if step is Act.SIGN:
            _ready(milepost, work, actor, plan)
        if step is Act.HAND_IN:
            _has_evidence(work, actor, plan)
        words = words.strip()
        if needs_words(State(plan.state), step) and not words:
            raise Invalid(say_to(actor, f"credit_plan.words_{step}"), "words")
        if len(words) > LONGEST:
            raise Invalid(say_to(actor, "credit_plan.wrong_too_long"), "words")
        try:
            add_step(milepost, work, plan, step, after, party, words, actor.id)
            work.commit()
        except IntegrityError:
            raise Stale(say_to(actor, "credit_plan.changed")) from None
        catalog = milepost.catalogs.current(work, actor.school_id)
        return view_of(work, actor, plan, party, catalog, milepost)


def _ready(
    milepost: Milepost, work: UnitOfWork, actor: Actor, plan: CreditPlan
) -> None:
    """Refuse a signature under a plan that an approver could not judge."""
    school = school_of(work, actor)
    gaps = missing_in(plan, policy_for(work, school))
    if gaps:
        names = ", ".join(say_to(actor, f"credit_plan.{one}") for one in gaps)
        raise Invalid(say_to(actor, "credit_plan.not_ready", {"names": names}), gaps[0])
    for one in plan_problems(plan.fields, milepost.today(school)):
        raise Invalid(say_to(actor, f"credit_plan.wrong_{one}"), "due_date")


def _has_evidence(work: UnitOfWork, actor: Actor, plan: CreditPlan) -> None:
    steps = work.credits.steps(actor.school_id, plan.id)
    shares = work.credits.shares(actor.school_id, plan.student_id)
    logged = any(one.bucket == "credit" and one.target == plan.id for one in shares)
    if not logged and all(one.act != Act.ADD_EVIDENCE for one in steps):
        raise Invalid(say_to(actor, "credit_plan.no_evidence"), "words")


def plans(milepost: Milepost, actor: Actor) -> list[PlanLine]:
    """Return the student's own plans, the newest first."""
    require(actor, Role.STUDENT)
    with milepost.work() as work:
        catalog = milepost.catalogs.current(work, actor.school_id)
        return [
            line_of(work, actor, plan, Party.STUDENT, catalog, milepost)
            for plan in work.credits.plans(actor.school_id, actor.id)
        ]


def plan_view(milepost: Milepost, actor: Actor, plan_id: str) -> PlanView:
    """Return one plan with its history, as the actor's part lets them see it."""
    with milepost.work() as work:
        plan, party = plan_for(work, actor, plan_id)
        note_look(work, actor, plan.student_id, "credit plan", milepost.clock())
        catalog = milepost.catalogs.current(work, actor.school_id)
        return view_of(work, actor, plan, party, catalog, milepost)
