"""Plans on paper: what an approver signs, and the graduation plan (O7, O10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathways.formats.paper import Section
from pathways.services.credit_plan_notes import Note
from pathways.services.credit_plan_views import PlanView, StepView
from pathways.services.graduation_check import GraduationView
from pathways.services.graduation_words import LineView
from pathways.services.school_day import in_words
from web.pages.viewer import Viewer


def plan_paper(view: Viewer, plan: PlanView) -> bytes:
    """Return a credit plan as PDF: fields, what is missing, rules, history."""
    t = view.words
    missing = [one.label for one in plan.fields if one.name in plan.missing]
    today = _day(view, view.me.now)
    sections = [
        Section(
            t("page_credit.paper_plan"),
            pairs=[
                (one.label, one.shown or t("page_credit.paper_empty"))
                for one in plan.fields
                if one.needed or one.value
            ],
            lines=[t("credit_plan.missing", names=", ".join(missing))]
            if missing
            else [],
        ),
        Section(t("page_credit.warnings_title"), lines=_cited(plan.warnings)),
        Section(t("page_credit.rules_title"), lines=_cited(plan.rules)),
        Section(
            t("page_credit.history_title"),
            rows=[
                tuple(t(f"page_credit.col_{name}") for name in ("when", "who", "what")),
                *(_step(view, one) for one in plan.history),
            ],
        ),
        Section(t("page_credit.appeal_title"), lines=_cited(plan.appeal)),
    ]
    state = t(f"page_credit.state_{plan.state}")
    under = f"{plan.student} · {view.me.school} · {state} · {today}"
    title = t("page_credit.paper_title", course=plan.title)
    return _pdf(title, f"{under} · {plan.policy_version}", sections)


def _pdf(title: str, under: str, sections: Sequence[Section]) -> bytes:
    """Write a paper; ReportLab is loaded with the first one, not at each start."""
    from pathways.formats.pdf import document

    return document(title, under, sections)


def _day(view: Viewer, moment: datetime) -> str:
    day = moment.astimezone(view.me.zone).date()
    return in_words(day, view.me.language, with_year=True)


def _cited(notes: tuple[Note, ...]) -> list[str]:
    return [f"{one.text} ({one.source})" if one.source else one.text for one in notes]


def _step(view: Viewer, step: StepView) -> tuple[str, str, str]:
    day = _day(view, step.at)
    party = view.words(f"page_credit.party_{step.party}")
    what = view.words(f"page_credit.did_{step.act}")
    return (
        day,
        f"{step.who}, {party}" if step.who else party,
        f"{what}: {step.words}" if step.words else what,
    )


def graduation_paper(view: Viewer, found: GraduationView) -> bytes:
    """Return the graduation plan as PDF (ORC 3313.617)."""
    t = view.words
    sections = [
        Section(found.outlook_words, lines=_risks(found)),
        Section(
            t("page_credit.units_title"),
            rows=[
                tuple(
                    t(f"page_credit.col_{name}")
                    for name in ("area", "done", "under_way", "need", "state")
                ),
                *(_line(one) for one in found.units),
            ],
        ),
        Section(
            t("page_credit.skill_title"),
            pairs=[
                (
                    f"{one.title}: {one.met_words}",
                    "; ".join(f"{two.title}: {two.met_words}" for two in one.routes),
                )
                for one in found.subjects
            ],
        ),
        Section(
            t("page_credit.seals_title", n=found.seals_held, need=found.seals_needed),
            pairs=[(one.title, f"{one.met_words}. {one.text}") for one in found.seals],
        ),
        *_work(view, found),
        Section(
            t("page_credit.dates_title"),
            pairs=[(one.title, one.words) for one in found.dates],
        ),
        Section(
            t("page_credit.sign_title"),
            pairs=[
                (t(f"page_credit.sign_{name}"), t("page_credit.sign_line"))
                for name in ("student", "school", "parent")
            ],
        ),
    ]
    day = in_words(found.as_of, view.me.language, with_year=True)
    under = f"{found.student} · {view.me.school} · {day} · {found.policy_version}"
    return _pdf(t("page_credit.graduation_title"), under, sections)


def _risks(found: GraduationView) -> list[str]:
    return [f"{one.text} {' '.join(one.fixes)} ({one.source})" for one in found.risks]


def _line(one: LineView) -> tuple[str, ...]:
    need = "" if one.need is None else f"{one.need:g}"
    return one.title, f"{one.have:g}", f"{one.under_way:g}", need, one.met_words


def _work(view: Viewer, found: GraduationView) -> list[Section]:
    one = found.work_hours
    if one is None:
        return []
    words = view.words(
        "page_credit.work_line",
        have=f"{one.have:g}",
        more=f"{one.under_way:g}",
        need=f"{one.need or 0:g}",
    )
    return [Section(one.title, lines=[words])]
