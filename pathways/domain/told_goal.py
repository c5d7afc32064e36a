"""Reads a goal out of the message that opens a talk about it (feature C1).

What is taken are the student's own words, cut out of the message and never reworded.
What it does not tell stays empty, and the coach asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pathways.domain.goals import ACT, SHORTEST_WORDS

LONGEST = 300
WISH = re.compile(
    r"\b(?:i(?:'m| am)? )?(?:really |also |kinda |just )*"
    r"(?:want to|wanna|would like to|'d like to|hope to|plan to|aim to|need to|have to"
    r"|gotta|trying to|going to|gonna|wish to|will)\s+"
    r"|\bi (?:really )?(?:want|need|would like|'d like)\s+(?=(?:an?|my|all|no|at least"
    r"|straight|more|less|better|fewer|\d+)\b)"
    r"|\b(?:my|the|a|one) (?:new |next )?goal (?:(?:for|this|in|on) (?:\w+ ){1,3}?)?"
    r"(?:is|would be)(?: to)?\s+|^goal:\s*"
    r"|\bgoals? (?:about|of|to)\s+"
    r"|\bhelp me (?=(?:get|be|become|pass|stop|raise|improve|read|learn|finish)\b)"
    r"|\b(?:me )?(?:quiero|quisiera|gustar[ií]a|necesito|voy a|tengo que|pienso|espero"
    r"|estoy tratando de|estoy intentando) (?:proponerme |proponer )?(?!que\b)"
    r"|\bmi (?:nueva |pr[oó]xima )?(?:meta|objetivo) (?:es|ser[ií]a)(?: que)?\s+"
    r"|\bmeta de\s+",
    re.IGNORECASE,
)
NOT_MEANT = re.compile(
    r"\b(?:something|things?|what|don['’]?t|do not|didn['’]?t|not|never|no|lo que"
    r"|algo que)\s*(?:i|we|you|he|she|they|yo)?\s*$",
    re.IGNORECASE,
)
ABOUT_GOALS = re.compile(
    r"^(?:(?:set|make|add|write|start|create|do|have|put|build|come up with|work on"
    r"|pick|talk about|try|see|know|ask|hear|understand|change|poner|hacer|fijar"
    r"|plantear|establecer|crear|agregar|definir|empezar|trabajar en|ver|saber"
    r"|hablar de)(?:me|te|nos)?\b\s*)*"
    r"(?:(?:me|us|an?|another|some|two|the|my|new|next|smart|learning|personal|more|up"
    r"|second|down|together|una?|mis?|otra|nueva|algunas)\b\s*)*"
    r"(?:goals?|targets?|resolutions?|ones?|something|stuff|help|direction|metas?"
    r"|objetivos?|algo|ayuda)\b",
    re.IGNORECASE,
)
NO_GOAL = re.compile(
    r"^(?:see|know|find out|hear about|talk (?:to|with|about)|ask (?:you|about|if|what)"
    r"|saber|ver|hablar (?:con|de)|preguntar)\b|^\w+ is\b"
    r"|^(?:[\w']+ ){0,2}(?:it|that|them|eso|esto)\b|^que\b",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"[,;:]?\s*\b(?:(?:so )?(?:can|could) (?:we|you|u|that|this|it|i)\b|help me\b"
    r"|please\b|pls\b|let'?s\b|(?:make|put|set) (?:it|that|this)\b"
    r"|is (?:that|this) an?\b|(?:what|where|how) (?:do|should|can)\b"
    r"|(?:like )?as (?:a|my) goal\b"
    r"|(?:pon|an[oó]t|guard|hag)\w*lo\b|an[oó]tala\b|hagamos\b|me ayudas\b"
    r"|ay[uú]dame\b|podemos\b|porfa\w*\b|por favor\b|como meta\b).*$",
    re.IGNORECASE | re.DOTALL,
)
REASON = re.compile(
    r"[,;]?\s*\b(?P<why>(?:so (?:that )?(?:i|my)\b|because\b|cuz\b|bc\b"
    r"|para (?:poder|que)\b|porque\b).+)$",
    re.IGNORECASE | re.DOTALL,
)
SENTENCE_END = re.compile(r"(?<!\d)[.!?](?=\s|$)|[.!?](?=\s|$)|\n")
BEFORE_A_DAY = re.compile(
    r"[\s,]*\b(?:by|before|until|till?|for|in|on|para|antes de|hasta|en)?\s*$", re.I
)
DUE = re.compile(
    r"\b(?:by|before|until|till?|in|within|end of|para|antes de|hasta|en|de aqu[ií] a"
    r"|(?:a )?fin(?:al|ales|es)? de)\b",
    re.IGNORECASE,
)
FEW = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|dos|tres"
    r"|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|veinte|treinta)"
)
END_OF_COUNT = (
    r"(?:on|in|at|for|this|next|by|before|after|until|so|and|with|of|to|an?|per|each"
    r"|every|or|because|during|my|the|en|de|del|para|antes|por|al|cada|este|esta|y|que)"
)
FIGURE = rf"(?:\d+(?:[.,]\d+)?%?(?!\w)|{FEW}\b)"
COUNT = (
    rf"{FIGURE}(?: (?!{END_OF_COUNT}\b)[\w'-]+){{0,3}}"
    r"(?: (?:an?|per|each|every|al|por|cada) \w+)?"
)
MARK = (
    r"(?:(?-i:[A-D])[+-]?(?![\w'’])|(?<=a )[a-d][+-]?(?=$|[.,]| (?:in|on|en|or)\b))"
    r"(?: (?:or|o) (?:higher|better|above|m[aá]s|mejor)\b)?"
)
ONE = r"(?:an? |una? )?"
MEASURES = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        rf"\b(?:from|de|desde) {ONE}(?:{MARK}|{FIGURE})(?: \w+)?? "
        rf"(?:to|a|hasta) {ONE}(?:{MARK}|{FIGURE}|zero|cero)(?: \w+$)?",
        rf"\b(?:at least|above|over|under|below|less than|more than|al menos"
        rf"|por lo menos|m[aá]s de|menos de) {ONE}(?:{MARK}|{COUNT})",
        rf"\b(?:up to|to|hasta|a) {ONE}(?:{MARK}|(?=\d){FIGURE})",
        r"\b(?:straight|all|puras) (?-i:A)(?:['’]?s)?\b",
        rf"\b{ONE}{MARK}",
        rf"\b{COUNT}",
    )
)


@dataclass(frozen=True)
class ToldGoal:
    """What an opening message tells of a goal; what it does not tell is empty."""

    what: str = ""
    measure: str = ""
    why: str = ""


def told_goal(words: str, day: tuple[int, int] | None = None) -> ToldGoal:
    """Return the goal that an opening message tells.

    Args:
        words: the message.
        day: where in it the day stands that the goal is for; a day at an end of the
            goal is cut off, with the word before it ("by").

    Returns:
        Parts of the message, in the student's words; empty where it only asks for a
        goal to be set.
    """
    wish = _wish(_without(words, day))
    reason = REASON.search(wish)
    what = _trimmed(wish[: reason.start()] if reason else wish)
    fits = len(what.split()) >= SHORTEST_WORDS and len(what) <= LONGEST
    if not fits or ABOUT_GOALS.match(what) or NO_GOAL.match(what):
        return ToldGoal()
    return ToldGoal(what, measure_in(what), _trimmed(reason["why"]) if reason else "")


def told_due(words: str, day: tuple[int, int]) -> bool:
    """Tell whether the day that stands at a place is one to reach something by."""
    before = BEFORE_A_DAY.search(words[: day[0]])
    start = before.start() if before else day[0]
    return bool(DUE.search(words[start : day[1]]))


def measure_in(goal: str) -> str:
    """Return the words of a goal that others could count or see; else nothing."""
    for measure in MEASURES:
        found = measure.search(goal)
        if found:
            return _trimmed(found[0])
    return ""


def _wish(words: str) -> str:
    """Return what follows the words of a wish, up to the end of its sentence."""
    plain = words.strip()
    found = next(_wishes(plain), None)
    if found is None and not re.match(rf"{ACT}\b", plain, re.IGNORECASE):
        return ""
    rest = plain[found:] if found is not None else plain
    end = SENTENCE_END.search(rest)
    asks = rest[end.start() :].startswith("?") if end else False
    if asks and found is None:
        return ""
    return _trimmed(REQUEST.sub("", rest[: end.start()] if end else rest))


def _wishes(words: str) -> Iterator[int]:
    """Yield where each wish begins that is about more than a goal as such."""
    for one in WISH.finditer(words):
        about_goals = ABOUT_GOALS.match(words[one.end() :])
        if not about_goals and not NOT_MEANT.search(words[: one.start()]):
            yield one.end()


def _without(words: str, day: tuple[int, int] | None) -> str:
    """Cut a day off at either end; one in the middle of the goal stays."""
    if day is None:
        return words
    before, after = words[: day[0]], words[day[1] :]
    if not _trimmed(before):
        return after
    rest = REQUEST.sub("", REASON.sub("", after))
    if _trimmed(rest) and not SENTENCE_END.match(rest):
        return words
    return f"{BEFORE_A_DAY.sub('', before)}{after}"


def _trimmed(words: str) -> str:
    return words.strip(" \t\r\n,.;:!?-–—¡¿")
