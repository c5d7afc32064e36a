"""Careers: what one is like, pays, takes, and leads to (O1, O3)."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import EventType

from actions.shared import Interruption, Turn
from actions.unknown import note_unknown
from pathways.domain.catalog import Occupation
from pathways.domain.unmet import Kind
from pathways.services import careers
from pathways.services.careers import Career

PROGRAMS_SHOWN, FEW_WORDS = 8, 4
PRONOUN = re.compile(
    r"\b(?:it|that|this|they|them|those|these|es[eao]s?|est[eao]s?)\b", re.I
)
REFERS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|one|you|job|career"
    r"|es[eao]s?|est[eao]s?|trabajo|carrera|ah[ií])\b",
    re.I,
)


def _words(turn: Turn) -> list[str]:
    return turn.named("career", "interest", "skill", "subject")


class RecordCareerGoal(Interruption):
    """Records the career that the student aims for."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_record_career_goal"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Note it, or say that the catalog does not know it."""
        career = await turn.call(careers.aim_for, _words(turn))
        if career is None:
            await note_unknown(turn, Kind.CAREER)
            turn.utter("utter_career_unknown")
            return []
        title = career.occupation.title
        turn.utter("utter_career_goal_noted", career=title, code=career.occupation.code)
        turn.note("career", title=title)
        return []


class TellCareer(Interruption):
    """The base of answers about one career."""

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Find the career that is meant, then tell about it."""
        words = turn.named("career")
        if not words:
            before, named = last_career(turn), _words(turn)
            words = before if PRONOUN.search(turn.text) and before else named or before
        career = await turn.call(careers.find_career, words)
        if career is not None:
            self.tell(turn, career)
        else:
            few = len(turn.text.split()) <= FEW_WORDS
            vague = not words and (few or REFERS_BACK.search(turn.text))
            if not vague:
                await note_unknown(turn, Kind.CAREER)
            turn.utter("utter_career_which" if vague else "utter_career_unknown")
        return []

    @abstractmethod
    def tell(self, turn: Turn, career: Career) -> None:
        """Say it, with source and date."""


def last_career(turn: Turn) -> list[str]:
    """Return the career of the messages before, for "and what does it pay?".

    A longer question that refers to nothing names a job that the catalog lacks.
    """
    few = len(turn.text.split()) <= FEW_WORDS
    if not (few or turn.pressed or REFERS_BACK.search(turn.text)):
        return []
    said = [one for one in turn.tracker.events if one.get("event") == "user"]
    for event in reversed(said[:-1]):
        found = (event.get("parse_data") or {}).get("entities") or []
        named = [
            str(one.get("code") or one["value"])
            for kind in ("career", "interest")
            for one in found
            if one.get("entity") == kind
        ]
        if named:
            return named
    return []


class ExplainCareer(TellCareer):
    """Says what a career is like."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_explain_career"

    def tell(self, turn: Turn, career: Career) -> None:
        """Description, a day, schooling, and the school's pathway there."""
        job = career.occupation
        turn.utter(
            "utter_career",
            title=job.title,
            description=job.description,
            day=job.a_day,
            schooling=job.schooling,
            code=job.code,
        )
        if career.programs:
            names = ", ".join(program.title for program in career.programs)
            turn.utter("utter_career_school", programs=names)


def money(turn: Turn, amount: int | None) -> str:
    """Return dollars a year in words, or that there is no figure."""
    if amount is None:
        return turn.line("coach.no_figure")
    return turn.line("coach.money", amount=f"{amount:,}")


def pay(turn: Turn, place: str, amount: int | None) -> str:
    """Return a sentence on the pay in a place, "us" or "ohio"."""
    if amount is None:
        return turn.line(f"coach.pay_{place}_unknown")
    return turn.line(f"coach.pay_{place}", amount=money(turn, amount))


class TellCareerPay(TellCareer):
    """Says what a career pays."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_tell_career_pay"

    def tell(self, turn: Turn, career: Career) -> None:
        """Median pay here and in the US; a figure that is missing is said so."""
        job = career.occupation
        if job.median_pay_us is None and job.median_pay_ohio is None:
            turn.utter("utter_career_pay_unknown", title=job.title, note=job.pay_note)
            return
        turn.utter(
            "utter_career_pay",
            title=job.title,
            us=pay(turn, "us", job.median_pay_us),
            ohio=pay(turn, "ohio", job.median_pay_ohio),
            source=job.pay_source,
            as_of=job.pay_as_of,
            note=job.pay_note,
        )


class TellCareerEducation(TellCareer):
    """Says what schooling a career takes."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_tell_career_education"

    def tell(self, turn: Turn, career: Career) -> None:
        """The usual schooling, and the school's pathway there."""
        job = career.occupation
        turn.utter("utter_career_education", title=job.title, schooling=job.schooling)
        if career.programs:
            names = ", ".join(program.title for program in career.programs)
            turn.utter("utter_career_school", programs=names)


class TellCareerOutlook(TellCareer):
    """Says whether there will be jobs."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_tell_career_outlook"

    def tell(self, turn: Turn, career: Career) -> None:
        """The projected change, or that there is no figure."""
        job = career.occupation
        if job.outlook_percent is None:
            turn.utter("utter_career_outlook_unknown", title=job.title)
            return
        turn.utter(
            "utter_career_outlook",
            title=job.title,
            percent=f"{job.outlook_percent:g}",
            words=job.outlook_words,
            source=job.outlook_source,
        )


class CompareCareers(Interruption):
    """Puts two careers side by side."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_compare_careers"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Compare pay, schooling and outlook; judge nothing."""
        words = [
            str(one.get("code") or one["value"])
            for one in turn.entities
            if one.get("entity") in ("career", "interest")
        ]
        found = await turn.call(careers.find_careers, words)
        if len(found) < 2:
            turn.utter("utter_career_compare_which")
            return []
        values = {
            **self._side(turn, "first", found[0].occupation),
            **self._side(turn, "second", found[1].occupation),
        }
        turn.utter("utter_career_compare", **values)
        return []

    def _side(self, turn: Turn, side: str, job: Occupation) -> dict[str, Any]:
        return {
            side: job.title,
            f"{side}_code": job.code,
            f"{side}_pay": money(turn, job.median_pay_ohio),
            f"{side}_schooling": job.schooling,
            f"{side}_outlook": job.outlook_words or turn.line("coach.no_figure"),
        }


class ShowPathways(Interruption):
    """Shows the pathways of the school."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_pathways"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Those that fit what was named, or all of them."""
        words = _words(turn)
        found = await turn.call(careers.programs, words)
        lines = [
            turn.line(
                "coach.program_line",
                title=one.title,
                description=one.description.partition(". ")[0].rstrip(".") + ".",
            )
            for one in found[:PROGRAMS_SHOWN]
        ]
        some = bool(words) and len(found) <= PROGRAMS_SHOWN
        response = "utter_pathways_some" if some else "utter_pathways"
        turn.utter(response, lines="\n".join(lines))
        return []
