"""What a student likes, in their own words, and where it leads (O2, O3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rasa_sdk.events import EventType

from actions.answers import UNSURE
from actions.shared import Interruption, Turn
from actions.unknown import note_unknown
from pathways.domain.career_ideas import LETTERS
from pathways.domain.catalog import Occupation
from pathways.domain.interest_scores import scores_in
from pathways.domain.unmet import Kind
from pathways.services import career_ideas, careers, interest_scores
from pathways.services.career_ideas import IdeaView

CAREERS_SHOWN, LONGEST_LIKING = 3, 6
ASKED_FOR_LIKING = ("utter_ask_interest", "utter_interest_unclear")
FILLER = re.compile(
    r"^(?:(?:idk|well|um+|hmm+|maybe|i guess|probably|pues|este|no s[eé]"
    r"|tal vez|quiz[aá]s?|creo que)[ ,]+)+",
    re.I,
)
LIKING = re.compile(
    r"\bi(?:'?m| am)? (?:really |kinda |also |do )*"
    r"(?:like|love|enjoy|into|interested in|good at|care about)\s+(?:to |doing )?"
    r"|\b(?:a m[ií] )?(?:me (?:gustan?|encantan?|interesan?|fascinan?"
    r"|llaman? la atenci[oó]n"
    r"|apasionan?|laten?|agradan?)|soy fan de|disfruto|amo)(?: mucho| bastante"
    r"| tambi[eé]n)*\s+"
    r"(?:(?:de |a )?(?:el|la|los|las) |hacer |estar con )?",
    re.I,
)
JOBS = re.compile(
    r"\b(?:jobs?|careers?|work as|professions?|trabajos?|carreras?)\b", re.I
)
AFTERWARDS = re.compile(
    r"(?:[ ,]+(?:i guess|maybe|probably|lol|tbh|a lot|idk))+\W*$", re.I
)


class AskInterest(Interruption):
    """Asks what the student likes."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_ask_interest"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Ask, openly; scores that the student brought are taken first.

        Who asks for jobs and told already what they like gets jobs.
        """
        if not await took_scores(turn) and not await self._led(turn):
            turn.utter("utter_ask_interest")
        return []

    async def _led(self, turn: Turn) -> bool:
        if turn.pressed or not JOBS.search(turn.text):
            return False
        ideas = await turn.call(career_ideas.ideas)
        known = [one for one in ideas if one.because or one.how == LETTERS]
        shown = known[:CAREERS_SHOWN]
        if shown:
            turn.dispatcher.utter_message(
                response="utter_interest_leads",
                careers=", ".join(one.title for one in shown),
                buttons=[_about(one) for one in shown],
            )
        return bool(shown)


class RecordInterest(Interruption):
    """Records what the student likes and says where it leads."""

    def name(self) -> str:
        """The name by which Rasa calls it."""
        return "action_record_interest"

    async def answer(self, turn: Turn) -> Iterable[EventType]:
        """Note each interest; say so where the catalog knows none of them."""
        if await took_scores(turn):
            return []
        words = (
            _liked(turn, "interest", "career")
            or _liked(turn, "subject", "skill")
            or own_liking(turn.text, turn.asking)
        )
        if not words:
            turn.utter("utter_interest_unclear")
            return []
        told = await turn.call(careers.tell_interest, words)
        listed = ", ".join(one.words for one in told)
        turn.utter("utter_interest_noted", words=listed)
        turn.note("interest", words=listed)
        for one in told:
            if not one.careers:
                await note_unknown(turn, Kind.INTEREST, one.words)
        found = in_turn([one.careers for one in told])
        if found:
            self._lead(turn, found[:CAREERS_SHOWN])
        else:
            turn.utter("utter_interest_unknown", words=listed)
        return []

    def _lead(self, turn: Turn, found: list[Occupation]) -> None:
        turn.dispatcher.utter_message(
            response="utter_interest_leads",
            careers=", ".join(job.title for job in found),
            buttons=[_about(job) for job in found],
        )


def in_turn(groups: Sequence[Sequence[Occupation]]) -> list[Occupation]:
    """Return jobs of several likings so that each liking comes up early."""
    rounds = zip_longest(*groups)
    return list(dict.fromkeys(job for one in rounds for job in one if job is not None))


async def took_scores(turn: Turn) -> bool:
    """Keep six interest scores of a message, and say where they lead."""
    scores = {} if turn.pressed else scores_in(turn.text)
    if not scores:
        return False
    found = await turn.call(interest_scores.keep_scores, scores)
    sides = turn.listed([turn.line(f"coach.side_{one}") for one in found.letters])
    turn.dispatcher.utter_message(
        response="utter_interest_scores",
        sides=sides,
        careers=", ".join(job.title for job in found.careers),
        buttons=[_about(job) for job in found.careers],
    )
    turn.note("interest_scores", sides=sides)
    return True


def _about(job: Occupation | IdeaView) -> dict[str, str]:
    payload = f'/explore_career{{"career": "{job.code}"}}'
    return {"title": job.title, "payload": payload}


def _liked(turn: Turn, *kinds: str) -> list[str]:
    """Return what the message names, one value for each place in it."""
    found = {
        one.get("start", place): str(one["value"])
        for place, one in enumerate(turn.entities)
        if one.get("entity") in kinds
    }
    return list(found.values())


def own_liking(text: str, asking: str) -> list[str]:
    """Return a liking that the catalog does not know, in the student's own words.

    Args:
        text: what the student wrote.
        asking: the response by which the coach asked; a bare "lacrosse" counts only
            as an answer.
    """
    plain = FILLER.sub("", text.strip())
    liking = LIKING.search(plain)
    if liking is None and asking not in ASKED_FOR_LIKING:
        return []
    words = AFTERWARDS.sub("", plain[liking.end() if liking else 0 :]).strip(" .,!?")
    fits = 0 < len(words.split()) <= LONGEST_LIKING and any(map(str.isalpha, words))
    return [words] if fits and not UNSURE.fullmatch(words) else []
