"""What counts as an answer about a credit plan (O7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rasa_sdk.events import EventType

from actions.answers import (
    HOURS,
    Check,
    Checked,
    coming_day,
    confirmed,
    says_nothing,
)
from actions.credit_plan_draft import FIELDS, CreditPlanFlow
from actions.shared import CoachAction, Turn
from actions.unknown import note_unknown
from pathways.domain.lexicon import fold
from pathways.domain.plan_fields import LETTER, PASS_FAIL, field_problem
from pathways.domain.unmet import Kind
from pathways.services import courses, credit_plan_lists

FLOW = CreditPlanFlow(
    "credit_plan",
    (*FIELDS, "confirmed"),
    frozenset(FIELDS) - {"course"},
    hidden=("code", "plan", "grade_code", "teacher_code"),
)
INVALID = "utter_invalid_credit_plan_form_credit_plan_"
AMOUNTS = (
    ("0.25", r"quarter|1/4|a fourth|\.25|un cuarto"),
    ("0.75", r"three quarters|3/4|\.75"),
    ("1.5", r"(?:one|1) and (?:a )?half|1\.5|uno y medio"),
    ("0.5", r"half|1/2|\.5|medio|la mitad"),
    ("1", r"one|full|whole|a credit|1|uno?|un cr[eé]dito|completo"),
    ("2", r"two|2|dos"),
)
GRADES = (
    (
        PASS_FAIL,
        r"pass(?:ing)?|no pass|pass[ /-]?(?:or )?(?:fail|no)|p/?f|credit only"
        r"|pasa(?: o no(?: pasa)?)?",
    ),
    (
        LETTER,
        r"letters?|graded?|gpa|a's|a[-+]|[b-df][-+]?|[a-f] or (?:an? )?[a-f]"
        r"|(?:con )?letra|calificaci[oó]n",
    ),
)
TEACHERS_SHOWN = 6


async def check_course(turn: Turn, value: str) -> Checked:
    """Take a class of the catalog, and the draft that it may have already."""
    found = await turn.call(courses.find_course, [*turn.named("subject"), value])
    if found is None:
        await note_unknown(turn, Kind.SUBJECT, value)
        turn.utter(f"{INVALID}course", given=value)
        return None, None
    turn.tracker.slots[FLOW.slot("code")] = found.code
    return found.title, found.title


def words_for(field: str, response: str) -> Check:
    """Return a check that takes words as long as a plan has room for."""

    async def check(turn: Turn, value: str) -> Checked:
        if says_nothing(turn, value):
            turn.utter(response)
            return None, None
        problem = field_problem(FIELDS[field], value)
        if problem:
            line = turn.line(f"credit_plan.wrong_{problem}")
            turn.dispatcher.utter_message(text=line)
            return None, None
        return value, value

    return check


async def check_hours(turn: Turn, value: str) -> Checked:
    """Take a number of hours."""
    found = HOURS.search(value)
    if found is None or field_problem("hours", found[1]):
        turn.utter(f"{INVALID}hours")
        return None, None
    return found[1], found[1]


async def check_credits(turn: Turn, value: str) -> Checked:
    """Take an amount of credit: a number, or "half a credit"."""
    amount = amount_of(value)
    if amount is None:
        turn.utter(f"{INVALID}credits")
    return amount, amount


def amount_of(words: str) -> str | None:
    """Read an amount of credit out of words; None where there is none."""
    plain = re.search(r"(?<![\d./])(\d(?:\.\d+)?|\.\d+)(?![\d./])", words)
    if plain and not field_problem("credit_amount", plain[1]):
        return f"{float(plain[1]):g}"
    for amount, named in AMOUNTS:
        if re.search(rf"(?<!\w)(?:{named})(?!\w)", words, re.IGNORECASE):
            return amount
    return None


async def check_grade(turn: Turn, value: str) -> Checked:
    """Take a letter grade, or pass or no pass."""
    code = grade_of(value)
    if code is None:
        turn.utter(f"{INVALID}grade")
        return None, None
    turn.tracker.slots[FLOW.slot("grade_code")] = code
    label = turn.line(f"credit_plan.choice_{code}")
    return label, label


def grade_of(words: str) -> str | None:
    """Read a kind of grade out of words; None where there is none."""
    if words.strip().lower() == "a":
        return LETTER
    for code, named in GRADES:
        if re.search(rf"(?<!\w)(?:{named})(?!\w)", words, re.IGNORECASE):
            return code
    return None


async def check_first_day(turn: Turn, value: str) -> Checked:
    """Take a day from today on that does not come after the last one."""
    kept, draft = await coming_first(turn, value)
    last = FLOW.answers(turn.tracker).get("day")
    if kept and last and kept > last:
        turn.utter(
            f"{INVALID}first_day_late", day=turn.in_words(date.fromisoformat(last))
        )
        return None, None
    return kept, draft


async def check_day(turn: Turn, value: str) -> Checked:
    """Take a day from tomorrow on that does not come before the first one."""
    kept, draft = await coming_last(turn, value)
    first = FLOW.answers(turn.tracker).get("first_day")
    if kept and first and kept < first:
        turn.utter(f"{INVALID}day_early", day=turn.in_words(date.fromisoformat(first)))
        return None, None
    return kept, draft


coming_first = coming_day(f"{INVALID}first_day", from_today=True)
coming_last = coming_day(f"{INVALID}day")


async def check_teacher(turn: Turn, value: str) -> Checked:
    """Take a teacher of the school, by any part of the name that fits one alone."""
    every = await turn.call(credit_plan_lists.teachers)
    found = named_among(value, every)
    if len(found) != 1:
        some = [{"title": name, "payload": name} for _, name in found]
        turn.dispatcher.utter_message(
            response=f"{INVALID}teacher", given=value, buttons=some[:TEACHERS_SHOWN]
        )
        return None, None
    code, name = found[0]
    turn.tracker.slots[FLOW.slot("teacher_code")] = code
    return name, name


def named_among(words: str, people: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the (id, name) that were said, or share the most words with it."""
    people = list(people)
    same = [one for one in people if fold(one[1]) == fold(words)]
    said = set(fold(words).split())
    shared = [
        (len(said & set(fold(name).split())), code, name) for code, name in people
    ]
    most = max((count for count, _, _ in shared), default=0)
    near = [(code, name) for count, code, name in shared if count == most and most]
    return same or near


def in_plan(field: str, check: Check) -> Check:
    """Return a check whose good answers stand in the plan at once."""

    async def checked(turn: Turn, value: str) -> Checked:
        kept, draft = await check(turn, value)
        problem = await FLOW.save(turn, field, kept) if kept is not None else ""
        if problem:
            turn.dispatcher.utter_message(text=problem)
            return None, None
        return kept, draft

    return checked


async def check_course_and_open(turn: Turn, value: str) -> Checked:
    """Take the class; the first time, open its plan and what that holds already."""
    kept, draft = await check_course(turn, value)
    plan = turn.tracker.slots.get(FLOW.slot("plan"))
    if kept is not None and plan in (None, "new"):
        code = str(turn.tracker.slots[FLOW.slot("code")])
        opened = await FLOW.open_plan(turn, code)
        for field, text in FLOW.as_on_page(opened).items():
            turn.tracker.slots[FLOW.slot(field)] = text
    return kept, draft


CHECKS = {
    "course": in_plan("course", check_course_and_open),
    **{
        field: in_plan(field, check)
        for field, check in {
            "content": words_for("content", f"{INVALID}content"),
            "ways": words_for("ways", f"{INVALID}ways"),
            "activities": words_for("activities", f"{INVALID}activities"),
            "hours": check_hours,
            "credits": check_credits,
            "proof": words_for("proof", f"{INVALID}proof"),
            "tests": words_for("tests", f"{INVALID}tests"),
            "enough": words_for("enough", f"{INVALID}enough"),
            "grade": check_grade,
            "grading": words_for("grading", f"{INVALID}grading"),
            "unfinished": words_for("unfinished", f"{INVALID}unfinished"),
            "first_day": check_first_day,
            "day": check_day,
            "teacher": check_teacher,
        }.items()
    },
    "confirmed": confirmed(f"{INVALID}confirmed"),
}


class AskCreditPlanTeacher(CoachAction):
    """Asks for the teacher of record, by a button for each where they are few."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_credit_plan_form_credit_plan_teacher"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the teachers of the school."""
        every = await turn.call(credit_plan_lists.teachers)
        few = every if len(every) <= TEACHERS_SHOWN else []
        turn.dispatcher.utter_message(
            response="utter_ask_credit_plan_form_credit_plan_teacher",
            buttons=[{"title": name, "payload": name} for _, name in few],
        )
        return []
