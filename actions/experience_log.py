"""Logging hours outside class: one turn plus a confirmation (feature P10)."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable
from datetime import date, timedelta

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.answers import HOURS, Checked, ValidateFlow, confirmed, own_words
from actions.forms import BeginFlow, Flow, ask_which_to_change, offer_return
from actions.shared import CHANGE_WANTED, CoachAction, OwnRecord, Turn
from pathways.services import drafts, experiences
from pathways.services.errors import Invalid
from pathways.services.school_day import today

FLOW = Flow(
    "experience_log",
    ("what", "hours", "day", "confirmed"),
    frozenset(),
    hidden=("place", "sort"),
)
INVALID = "utter_invalid_experience_log_form_experience_log_"
SHOWN = 3
WEEK = timedelta(days=7)
RECENT = timedelta(days=180)
YEAR = re.compile(r"\b20\d\d\b")
ISO_HOURS = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?$")
DONE = re.compile(
    r"\b(?:work(?:ed|ing)|volunteer(?:ed|ing)|help(?:ed|ing)|shadow(?:ed|ing)|tutor(?:ed"
    r"|ing)|coach(?:ed|ing)|babysat|intern(?:ed|ing)|clean(?:ed|ing)|taught|built|served"
    r"|competed|sorted|packed|fixed|did|spent|went"
    r"|trabaj[eéo]\w*|ayud[eéo]\w*|acompa[ñn]\w+|cuid[eé]\w*|limpi\w+|estuve|hice|fui|particip\w+"
    r"|ense[ñn][eé]\w*|dimos|di|labor[eé]|arregl\w+|voluntari\w+)\b",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|lunes|martes"
    r"|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)",
    re.I,
)
SORTS = (
    ("job_shadow", r"shadow\w*|acompa[ñn]\w+"),
    ("internship", r"intern\w*|apprentic\w*|pasant\w+|pr[aá]cticas"),
    (
        "service",
        r"volunteer\w*|service|food (?:bank|pantry|drive)|shelter|cleanup"
        r"|voluntari\w*|servicio|banco de comida|refugio|limpi\w+",
    ),
    ("competition", r"compet\w*|contest|tournament|concurso|torneo|competencia"),
    ("arts", r"play|band|choir|theater|concert|mural|banda|coro|teatro|concierto"),
    ("project", r"project|capstone|proyecto"),
    (
        "job",
        r"work\w*|job|shift|boss|babysat|clinic|garage|store"
        r"|trabaj\w*|turno|cl[ií]nica|taller|tienda|cuid[eé]",
    ),
)


def sort_of(words: str) -> str:
    """Return the kind of experience that words tell of."""
    return next(
        (sort for sort, named in SORTS if re.search(rf"\b(?:{named})\b", words, re.I)),
        "other",
    )


def hours_of(turn: Turn) -> str | None:
    """Read hours from a span of time in the message; minutes count as parts."""
    for length in turn.named("duration"):
        match = ISO_HOURS.match(length)
        if match and (match[1] or match[2]):
            return f"{int(match[1] or 0) + int(match[2] or 0) / 60:g}"
    return None


def past_day(turn: Turn, now: date) -> date | None:
    """Return the day of the message; a bare "Saturday" or "May 3" is the last one."""
    for iso in turn.named("date"):
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            continue
        if day <= now or YEAR.search(turn.text):
            return day
        if WEEKDAY.search(turn.text):
            return day - WEEK * (1 + (day - now - timedelta(1)) // WEEK)
        a_year_ago = day - timedelta(days=365 + isleap(day.year))
        return a_year_ago if now - RECENT <= a_year_ago <= now else day
    return None


class BeginExperienceLog(BeginFlow):
    """Opens the log; what the message told is not asked for again."""

    flow = FLOW
    start, go_on = "utter_experience_log_start", "utter_experience_log_continue"

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_begin_experience_log"

    async def known(self, turn: Turn) -> list[EventType]:
        """Take what was done, the hours, the day and the place from the message."""
        if turn.pressed:
            return []
        day = past_day(turn, now := await turn.call(today))
        told = {
            "what": turn.text if DONE.search(turn.text) else None,
            "hours": hours_of(turn),
            "day": day.isoformat() if day and day <= now else None,
            "place": next(iter(turn.named("organization")[-1:]), None),
            "sort": sort_of(turn.text),
        }
        known = {field: text for field, text in told.items() if text}
        await turn.call(drafts.save_answers, FLOW.name, known)
        return [SlotSet(FLOW.slot(field), text) for field, text in known.items()]


async def check_hours(turn: Turn, value: str) -> Checked:
    """Take a number of hours."""
    found = hours_of(turn)
    plain = HOURS.search(value)
    hours = found or (plain[1] if plain else None)
    if hours is None or not 0 < float(hours) <= 24 * 31:
        turn.utter(f"{INVALID}hours")
        return None, None
    return hours, hours


async def check_day(turn: Turn, value: str) -> Checked:
    """Take a day that was, today included."""
    now = await turn.call(today)
    day = past_day(turn, now)
    if day is None or day > now:
        turn.utter(f"{INVALID}day" if day is None else f"{INVALID}day_ahead")
        return None, None
    return day.isoformat(), day.isoformat()


class ValidateExperienceLog(ValidateFlow):
    """Checks the answers about an experience."""

    flow = FLOW
    checks = {
        "what": own_words(f"{INVALID}what"),
        "hours": check_hours,
        "day": check_day,
        "confirmed": confirmed(f"{INVALID}confirmed"),
    }


class AskExperienceLogConfirmed(CoachAction):
    """Repeats what was understood and asks, or asks which answer to change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_experience_log_form_experience_log_confirmed"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Show the entry as it would be saved."""
        if turn.tracker.get_slot(CHANGE_WANTED) == "yes":
            return ask_which_to_change(turn, FLOW)
        said = FLOW.answers(turn.tracker)
        turn.utter(
            "utter_ask_experience_log_form_experience_log_confirmed",
            what=said["what"],
            hours=said["hours"],
            day=turn.in_words(date.fromisoformat(said["day"])),
        )
        return []


class SaveExperienceLog(CoachAction):
    """Turns the confirmed answers into an entry of the ledger."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_save_experience_log"

    async def act(self, turn: Turn) -> Iterable[EventType]:
        """Save, say the hours in all, and note it for the summary."""
        said = FLOW.answers(turn.tracker)
        entry = {**said, "first_day": said.get("day", "")}
        try:
            saved = await turn.call(experiences.log, entry)
        except Invalid as error:
            turn.dispatcher.utter_message(text=str(error))
            again = "day" if error.field in ("day", "future") else "hours"
            emptied = [SlotSet(FLOW.slot(one), None) for one in (again, "confirmed")]
            return [*emptied, FollowupAction(FLOW.form)]
        whole = await turn.call(experiences.ledger)
        turn.utter(
            "utter_experience_log_saved",
            hours=f"{saved.hours:g}",
            all=f"{whole.hours:g}",
        )
        turn.note("experience", what=saved.what, hours=f"{saved.hours:g}")
        await offer_return(turn)
        return FLOW.cleared()


class ShowExperiences(OwnRecord):
    """Shows what was logged."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_experiences"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """The newest entries, and the hours in all."""
        found = await turn.call(experiences.ledger)
        if not found.items:
            turn.utter("utter_experiences_none")
            return []
        lines = [
            turn.line(
                "coach.experience_line",
                what=one.what,
                hours=f"{one.hours:g}",
                day=turn.in_words(one.first_day),
                standing=turn.line(f"coach.standing_{one.standing}"),
            )
            for one in found.items[:SHOWN]
        ]
        turn.utter(
            "utter_experiences",
            lines="\n".join(lines),
            hours=f"{found.hours:g}",
            confirmed=f"{found.confirmed:g}",
        )
        return []
