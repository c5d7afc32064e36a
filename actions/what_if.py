"""What other choices would change, worked out from the record (O9, O10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rasa_sdk.events import EventType

from actions.naming import meant
from actions.shared import Interruption, Turn
from pathways.domain.lexicon import fold
from pathways.services import options, what_if
from pathways.services.errors import Invalid
from pathways.services.graduation import Credits
from pathways.services.what_if import WhatIf

SHOWN = 3


class ExplainWhatIf(Interruption):
    """Says what a course leads to, and what a changed choice would change."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_explain_what_if"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Name the later courses, then credits, options, hours and days."""
        found = await turn.call(options.needed_for, turn.named("subject", "option"))
        code = await meant(turn)
        lines = await changes(turn, code) if code else []
        if found is not None:
            self._course(turn, *found)
        if code and lines:
            option = await turn.call(options.why, code)
            turn.utter(
                "utter_what_if_changes", title=option.title, lines=" ".join(lines)
            )
        elif found is None:
            turn.utter("utter_what_if")
        return []

    def _course(self, turn: Turn, title: str, credits: str, later: list[str]) -> None:
        needed = (
            turn.line("coach.needed_for", courses=", ".join(later))
            if later
            else turn.line("coach.needed_none")
        )
        turn.utter(
            "utter_what_if_course", title=title, credits=credits, needed_for=needed
        )


async def changes(turn: Turn, code: str) -> list[str]:
    """Return what dropping, finishing or adding one choice changes, in lines."""
    chosen: dict[str, tuple[str, ...]] = {"drop": (), "add": (), "finish": ()}
    chosen[wanted(turn)] = (code,)
    try:
        found = await turn.call(
            what_if.what_if, chosen["drop"], chosen["add"], chosen["finish"]
        )
    except Invalid:
        return []
    return list(told(turn, found))


def wanted(turn: Turn) -> str:
    """Return whether the student speaks of dropping, finishing or adding."""
    said = set(fold(turn.text).split())
    for name in ("drop", "finish"):
        if said & set(turn.line(f"coach.words_{name}").split(", ")):
            return name
    return "add"


def told(turn: Turn, found: WhatIf) -> Iterator[str]:
    """Yield the differences in lines; only what is different."""
    before, after = _total(found.credits_before), _total(found.credits_after)
    if before != after:
        yield turn.line("coach.what_if_credits", before=before, after=after)
        if found.needed is not None:
            yield turn.line("coach.what_if_needed", needed=f"{found.needed:g}")
    for name, options_ in (("opens", found.opened), ("closes", found.closed)):
        if options_:
            titles = turn.listed([one.title for one in options_[:SHOWN]])
            yield turn.line(f"coach.what_if_{name}", titles=titles)
    if found.hours:
        yield turn.line("coach.what_if_hours", hours=f"{found.hours:g}")
    if found.earns:
        titles = turn.listed([title for title, _ in found.earns[:SHOWN]])
        yield turn.line("coach.what_if_earns", titles=titles)
    for seal in found.seals[:1]:
        yield seal.words
    for one in found.deadlines[:1]:
        day = turn.in_words(one.apply_by)
        yield turn.line("coach.what_if_date", title=one.title, date=day)


def _total(credits: Credits | None) -> str:
    return "" if credits is None else f"{credits.completed + credits.under_way:g}"
