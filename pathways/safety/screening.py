"""Screen one student message for danger and distress."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pathways.safety.buildup import builds_up
from pathways.safety.context import Message, Reading, read
from pathways.safety.grammar import Line, Pattern
from pathways.safety.likeness import likeness
from pathways.safety.normalise import may_hide_danger, normalise
from pathways.safety.rulebook import Rule, Rulebook, rulebook

MAX_CHARACTERS = 4000
TAUNT = "bu.kys"
_NEAR = 20
KINDS = (
    "self_harm",
    "trafficking",
    "sexual_abuse",
    "dating_violence",
    "abuse",
    "threat",
    "friend",
    "neglect",
    "eating",
    "substances",
    "bullying",
)
OFTEN_SOFT = frozenset({"bullying", "substances", "eating"})
_SOFT_ORDER = (*KINDS[1:], "self_harm")


@dataclass(frozen=True)
class Screening:
    """What the screen found: level, category and the rule that spoke.

    ``level`` is "red" (danger may be now: stop and alert), "soft" (distress, or a
    risk talked about safely: go on, with a resource line) or "none".
    ``rule`` is an id for the audit trail and never holds student text.
    ``calm`` tells that what stands around the words makes them harmless (denied, past,
    quoted, joked, taken back), and ``likeness`` how much they resemble those of danger
    (0 to 1; None where that was not asked): the reader in the assistant is told both.
    """

    level: str
    category: str
    rule: str = ""
    calm: bool = field(default=False, compare=False)
    likeness: float | None = field(default=None, compare=False)


CLEAR = Screening("none", "none")


def screen(text: str, *, history: Sequence[str] = ()) -> Screening:
    """Screen a message; pure, no input or output after the first call.

    Args:
        text: the student's message as typed.
        history: the student's earlier messages, oldest first.
    """
    book = rulebook()
    readings, line = _readings(text, book)
    found = _strongest(readings)
    if found.level == "red":
        return found
    if line.has("retract") and history and screen(history[-1]).level == "red":
        return Screening("soft", "self_harm", "retracted", calm=True)
    feared = _feared(text, line, book)
    if feared.level == "red":
        return feared
    earlier = (_readings(past, book)[0] for past in history[-10:])
    if builds_up(readings, earlier):
        return Screening("red", "self_harm", "build_up")
    return _second_reading(found, readings, line)


def plain_line(text: str) -> str:
    """Return the plain form of a message, everyday idioms taken out."""
    return _stripped(text, rulebook())[1]


def _stripped(text: str, book: Rulebook, *, fears: bool = False) -> tuple[str, str]:
    plain = normalise(text[:MAX_CHARACTERS], fears=fears).rstrip()
    calm = book.context["strip"].removed(Line(f" .{plain} . "))
    return calm.text, book.context["stress"].removed(calm).text


def _feared(text: str, line: Message, book: Rulebook) -> Screening:
    """Read once more, each word of no list taken for a word of danger near it."""
    if not may_hide_danger(text[:MAX_CHARACTERS]):
        return CLEAR
    other = _stripped(text, book, fears=True)[1]
    if other == line.text:
        return CLEAR
    return _strongest(_read_plain(_changed(line.text, other), book))


def _changed(before: str, after: str) -> str:
    """Return the sentences that are other than before, of long ones the place."""
    old, new = before.split(" . "), after.split(" . ")
    pairs = zip(old, new, strict=True) if len(old) == len(new) else [(before, after)]
    places = (
        _place(one.split(), other.split()) for one, other in pairs if one != other
    )
    return " . " + " . ".join(places) + " . "


def _place(before: list[str], after: list[str]) -> str:
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    end = next((i for i in range(shorter) if before[-1 - i] != after[-1 - i]), shorter)
    return " ".join(after[max(0, start - _NEAR) : len(after) - end + _NEAR])


def _second_reading(
    found: Screening, readings: list[Reading], line: Message
) -> Screening:
    """Raise what only resembles danger, unless its surroundings were read as calm."""
    calmed = any(r.rule.level == "red" for r in readings)
    joking = line.has("laughs") and not line.has("earnest")
    found = replace(found, calm=calmed or joking)
    second = likeness()
    if second is None:
        return found
    seen = second.read(line.text)
    found = replace(found, likeness=seen.share)
    if found.calm or line.has("frame"):
        return found
    if seen.share >= second.red and seen.kind not in OFTEN_SOFT:
        return replace(found, level="red", category=seen.kind, rule="likeness")
    if seen.share >= second.soft and found.level == "none":
        return replace(found, level="soft", category=seen.kind, rule="likeness")
    return found


def _readings(text: str, book: Rulebook) -> tuple[list[Reading], Message]:
    calm, strained = _stripped(text, book)
    line = Message(strained, book)
    found = list(_matches(line))
    if strained != calm:
        found += _matches(Message(" stressed ~ am stressed . ", book))
    return _by_the_student(found, line), line


def _read_plain(line: str, book: Rulebook) -> list[Reading]:
    message = Message(line, book)
    return _by_the_student(list(_matches(message)), message)


def _matches(line: Message) -> Iterator[Reading]:
    """Give the readings; stop once a sure danger to the student's life is found."""
    taunted = False
    for rule, patterns in line.rules.near(line.words):
        for reading in _rule_matches(rule, patterns, line):
            yield reading
            taunted = taunted or rule.id == TAUNT
            sure = reading.level == "red" and reading.category == "self_harm"
            if sure and not taunted:
                return


def _rule_matches(
    rule: Rule, patterns: list[Pattern], line: Message
) -> Iterator[Reading]:
    """Give one rule's readings, up to the first that says what the rule says."""
    for pattern in patterns:
        for found in pattern.spans(line):
            reading = read(rule, found, line)
            yield reading
            plain = (reading.level, reading.category) == (rule.level, rule.category)
            if plain and rule.id != TAUNT:
                return


def _by_the_student(readings: list[Reading], line: Message) -> list[Reading]:
    """Drop a self-harm reading that is only what others told the student to do."""
    if line.has("inner_voice"):
        return readings
    taunts = [r for r in readings if r.rule.id == TAUNT and r.level == "red"]
    return [
        r
        for r in readings
        if r.category not in ("self_harm", "friend")
        or not any(t.start <= r.start < t.end for t in taunts)
    ]


def _strongest(readings: list[Reading]) -> Screening:
    for level, order in (("red", KINDS), ("soft", _SOFT_ORDER)):
        ranked = [r for r in readings if r.level == level]
        if ranked:
            best = min(ranked, key=lambda r: order.index(r.category))
            return Screening(level, best.category, best.rule.id)
    return CLEAR
