"""What the gateway says itself when someone may be in danger, and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from pathways.app import Milepost
from pathways.domain.escalation import Hours
from pathways.safety import Screening, Seen
from pathways.safety.language import language_of
from pathways.safety.replies import reply as safety_reply
from pathways.safety.replies import soft_line
from pathways.services import duty
from pathways.services.access import Actor
from pathways.services.buttons import Reply
from pathways.texts import say

GO_ON, TALK, ELSE = "/resume_flow", "/request_human", "/ask_capabilities"


def going_on(language: str, left_open: bool) -> Reply:
    """Return the reply to "Go on with coaching".

    Args:
        language: the student's.
        left_open: a form's question stood open before, and is offered again.
    """
    ways = (("go_on_there", GO_ON), ("else", ELSE)) if left_open else ()
    buttons = [
        {"title": say(language, f"gateway.{name}"), "payload": payload}
        for name, payload in ways
    ]
    return {"text": say(language, "gateway.going_on"), "buttons": buttons}


def choices(language: str) -> list[dict[str, str]]:
    """Return the two ways on after a red flag."""
    return [
        {"title": say(language, "gateway.talk"), "payload": TALK},
        {"title": say(language, "gateway.go_on"), "payload": GO_ON},
    ]


@dataclass(frozen=True)
class Watch:
    """What may honestly be said of when a person at school looks (trust S15)."""

    seen: Seen
    opens: datetime | None = None

    def opens_in(self, language: str) -> str:
        """Return when a person looks next, "Monday, 8:00 AM"."""
        if self.opens is None:
            return ""
        day = "EEEE d 'de' MMMM" if language == "es" else "EEEE, MMMM d"
        clock = ", h:mm a" if language != "es" else " 'a las' H:mm"
        return str(format_datetime(self.opens, day + clock, locale=language))


UNKNOWN = Watch(Seen.UNKNOWN)


def watch_at(hours: Hours | None, now: datetime) -> Watch:
    """Return what is known of who looks at a moment.

    Args:
        hours: when the people on duty look; None where no school has said.
        now: the moment.
    """
    if hours is None:
        return UNKNOWN
    if hours.are_on(now):
        return Watch(Seen.NOW)
    opens = hours.next_opening(now)
    if opens is None:
        return UNKNOWN
    return Watch(Seen.AFTER_HOURS, opens.astimezone(hours.zone))


def watch_of(milepost: Milepost, actor: Actor) -> Watch:
    """Return what may be said now of when a person at the student's school looks."""
    return watch_at(duty.watch_hours(milepost, actor), milepost.clock())


def told(language: str, adult: str, watch: Watch) -> str:
    """Return what a student reads who asked for a person after a red flag."""
    text = say(language, "gateway.person", {"adult": adult})
    opens = watch.opens_in(language)
    if not opens:
        return text
    return f"{text} {say(language, 'gateway.closed_now', {'opens': opens})}"


def crisis_reply(
    screening: Screening,
    words: str,
    language: str,
    adult: str,
    watch: Watch = UNKNOWN,
) -> Reply:
    """Return the reviewed reply for what the screen found.

    Args:
        screening: a red or a soft one.
        words: what the student wrote, to answer in its language.
        language: the student's language where the words don't tell.
        adult: the person at school whom the reply names.
        watch: what is known of when a person looks.
    """
    spoken = language_of(words, language)
    named = adult or say(spoken, "gateway.some_adult")
    if screening.level != "red":
        text = soft_line(screening.category, spoken, named)
        return {"text": text, "buttons": choices(spoken)[:1], "cards": []}
    opens = watch.opens_in(spoken)
    text = safety_reply(screening.category, spoken, named, watch.seen, opens).text
    return {"text": text, "buttons": choices(spoken), "cards": []}


def supporting(
    screening: Screening, words: str, language: str, adult: str
) -> list[Reply]:
    """Return the line of support that goes with an answer, where one is due."""
    if screening.level != "soft":
        return []
    return [crisis_reply(screening, words, language, adult)]
