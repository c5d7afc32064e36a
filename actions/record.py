"""The mastery record, gaps, the plan, the summary (P1-P5, A1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.onboarding import support_names
from actions.shared import Interruption, OwnRecord, Turn
from actions.unknown import note_unknown
from pathways.domain.mastery import Level
from pathways.domain.unmet import Kind
from pathways.services import (
    mastery,
    names,
    plan,
    preferences,
    summaries,
    talks,
)
from pathways.services.goals import ACTIVE
from pathways.services.mastery import Standing

LISTED = 5
NAMES_A_TOPIC = re.compile(
    r"\b(?:doing|good|bad|level|progress) (?:in|at|with|on) "
    r"(?!(?:all|school|general|class|classes|everything)\b|my (?:class|grade|goal))"
    r"\w"
    r"|\b(?:voy|vas?|ando|estoy|nivel|progreso|avance|bien|mal) (?:en"
    r"|de) (?!(?:general|todo|la escuela"
    r"|clases?)\b|mi (?:clase|meta))\w",
    re.IGNORECASE,
)


def standing_line(turn: Turn, one: Standing) -> str:
    """Return a line with level and trend."""
    trends = {1: "coach.trend_up", -1: "coach.trend_down"}
    trend = turn.line(trends[one.trend]) if one.trend else ""
    return turn.line("coach.mastery_line", title=one.title, word=one.word, trend=trend)


class ShowMastery(OwnRecord):
    """Says how the student is doing."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_mastery"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """From the record, with date and source; what is unknown is said."""
        words = turn.named("subject", "skill", "interest")
        found = await turn.call(mastery.ask, words)
        if found.topic is None:
            if words or NAMES_A_TOPIC.search(turn.text):
                await note_unknown(turn, Kind.SUBJECT)
                turn.utter("utter_mastery_unknown_topic")
            await self._overview(turn)
        elif not found.standings:
            turn.utter("utter_mastery_missing", topic=found.topic)
        else:
            newest = max(found.standings, key=lambda one: one.as_of)
            turn.utter(
                "utter_mastery",
                topic=found.topic,
                lines="\n".join(
                    standing_line(turn, one) for one in found.standings[:LISTED]
                ),
                as_of=turn.in_words(newest.as_of, with_year=True),
                source=newest.source,
            )
            if found.unknown:
                titles = ", ".join(found.unknown[:LISTED])
                turn.utter("utter_mastery_part_missing", titles=titles)
            turn.note("mastery", topic=found.topic)
        return []

    async def _overview(self, turn: Turn) -> None:
        known = await turn.call(mastery.profile)
        if not known:
            turn.utter("utter_mastery_empty")
            return
        nothing = turn.line("coach.nothing_yet")
        strong = [one.title for one in known if one.level >= Level.PROFICIENT]
        growing = [one.title for one in known if one.level < Level.PROFICIENT]
        turn.utter(
            "utter_mastery_overview",
            strong=", ".join(strong[:LISTED]) or nothing,
            growing=", ".join(growing[:LISTED]) or nothing,
        )


class ShowGaps(OwnRecord):
    """Says what is missing on the way to a goal."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_gaps"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """For what is named, or for the career that the student aims for."""
        words = turn.named("career", "subject", "interest")
        aim, gaps = await turn.call(mastery.gaps, words)
        if not aim:
            turn.utter("utter_gaps_no_aim")
        elif not gaps:
            turn.utter("utter_gaps_none", aim=aim)
        else:
            lines = [
                turn.line(
                    "coach.gap_line" if gap.word else "coach.gap_line_unknown",
                    title=gap.title,
                    word=gap.word,
                    course=gap.course,
                )
                for gap in gaps[:LISTED]
            ]
            turn.utter("utter_gaps", aim=aim, lines="\n".join(lines))
        return []


class ShowPlan(OwnRecord):
    """Shows the plan in a few lines."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_plan"

    async def tell(self, turn: Turn) -> Iterable[EventType]:
        """Goals, options kept, likes and aims."""
        found = await turn.call(plan.view_plan)
        chosen = await turn.call(preferences.settings_of)
        groups = {
            "goals": [one.what for one in found.goals if one.status == ACTIVE],
            "saved": [one.title for one in found.saved],
            "interests": [one.words for one in found.interests],
            "supports": support_names(turn, chosen.supports),
        }
        lines = [
            turn.line(f"coach.plan_{name}", items="; ".join(items[:LISTED]))
            for name, items in groups.items()
            if items
        ]
        if lines:
            turn.utter("utter_plan", lines="\n".join(lines))
        else:
            turn.utter("utter_plan_empty")
        return []


class ShowSummary(Interruption):
    """Shows what the advisor would see."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_show_summary"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """The draft's lines, and who would see them; a talk's line goes in first."""
        if turn.pressed and turn.named("field"):
            opened = await turn.call(talks.open_talk, turn.named("field")[0])
            turn.utter("utter_talk_opened", action=opened.action)
            turn.note("reflection", action=opened.action)
            return []
        draft = await turn.call(summaries.draft_summary)
        kept = [one for one in draft.lines if not one.dropped] if draft else []
        if not kept:
            turn.utter("utter_summary_empty")
            return []
        adults = await turn.call(names.readers_of)
        turn.utter(
            "utter_summary",
            lines="\n".join(
                turn.line("coach.summary_line", text=one.text) for one in kept
            ),
            names=turn.listed(adults),
        )
        return []


class ShareSummary(Interruption):
    """Releases the draft to the advisor."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_share_summary"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Typed words show the draft first; the button under it shares."""
        draft = await turn.call(summaries.draft_summary)
        if draft is None or all(line.dropped for line in draft.lines):
            turn.utter("utter_summary_empty")
            return []
        if not turn.text.startswith("/"):
            return await ShowSummary().answer(turn)
        await turn.call(summaries.release, draft.id)
        adults = await turn.call(names.readers_of)
        turn.utter("utter_summary_released", names=turn.listed(adults))
        return []
