"""Where the student stands toward graduation, and what would help (O10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rasa_sdk.events import EventType

from actions.shared import OwnRecord, Turn
from pathways.domain.graduation import TOTAL
from pathways.domain.graduation_facts import Met
from pathways.services.graduation_check import GraduationView, graduation_check
from pathways.services.graduation_words import DateView, LineView, SubjectView

HELP, DATES = "help", "dates"
RISKS_TOLD, DATES_TOLD, LISTED = 2, 3, 5
TOLD = (Met.MET, Met.UNDER_WAY, Met.OPEN, Met.UNKNOWN)


class ShowGraduation(OwnRecord):
    """Says what is met, what is missing, what would fix it, and what is due next."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_graduation"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """The short version first; buttons bring what would help, and the dates."""
        found = await turn.call(graduation_check)
        asked = turn.named("field")
        if HELP in asked:
            self._help(turn, found)
        elif DATES in asked:
            self._dates(turn, found)
        elif all(one.met == Met.UNKNOWN for one in parts(found)):
            turn.utter("utter_graduation_unknown")
        else:
            self._short(turn, found)
        return []

    def _short(self, turn: Turn, found: GraduationView) -> None:
        lines = [
            turn.line(f"coach.graduation_{met}", titles=", ".join(titles[:LISTED]))
            for met in TOLD
            if (titles := [one.title for one in parts(found) if one.met == met])
        ]
        total = next((one for one in found.units if one.name == TOTAL), None)
        if total is not None and total.need is not None:
            have, need = f"{total.have:g}", f"{total.need:g}"
            lines.insert(0, turn.line("coach.graduation_units", have=have, need=need))
        held, needed = found.seals_held, found.seals_needed
        if needed:
            seals = turn.line("coach.graduation_seals", held=held, needed=needed)
            lines.append(seals)
        turn.dispatcher.utter_message(
            response="utter_graduation",
            outlook=found.outlook_words,
            lines="\n".join(lines),
            buttons=[
                {
                    "title": turn.line(f"coach.button_graduation_{name}"),
                    "payload": f'/ask_graduation_status{{"field": "{name}"}}',
                }
                for name, there in ((HELP, found.risks), (DATES, found.dates))
                if there
            ],
        )

    def _help(self, turn: Turn, found: GraduationView) -> None:
        if not found.risks:
            turn.utter("utter_graduation_no_risk")
            return
        lines = [
            turn.line(
                "coach.graduation_risk",
                text=one.text,
                fix=one.fixes[0] if one.fixes else "",
                source=one.source,
            )
            for one in found.risks[:RISKS_TOLD]
        ]
        more = len(found.risks) - len(lines)
        if more:
            lines.append(turn.line("coach.graduation_more", n=more))
        turn.utter("utter_graduation_help", lines="\n".join(lines))

    def _dates(self, turn: Turn, found: GraduationView) -> None:
        ahead = sorted(found.dates, key=lambda one: one.day or date.max)
        turn.utter(
            "utter_graduation_dates",
            lines="\n".join(date_line(turn, one) for one in ahead[:DATES_TOLD]),
        )


def date_line(turn: Turn, one: DateView) -> str:
    """Return a day ahead as one line, with its source."""
    name = "coach.graduation_date" if one.source else "coach.graduation_date_bare"
    return turn.line(name, title=one.title, day=one.words, source=one.source)


def parts(found: GraduationView) -> Sequence[LineView | SubjectView]:
    """Return the areas and tests of the check, without the total of credits."""
    areas = [one for one in found.units if one.name != TOTAL]
    return [*areas, *found.subjects]
