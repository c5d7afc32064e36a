"""Decide what a matched phrase means where it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pathways.safety.grammar import Line
from pathways.safety.rulebook import Phrases, Rule, Rulebook

_END = re.compile(r" [.?] ")
_FIRST_PERSON = re.compile(
    r"(?<= )(?:i|me|my|myself|mi|yo|nos|us|we|our|mis|quiero|quisiera|voy|pienso|mine|"
    r"\w+(?:rme|arme|irme))(?= )"
)
_OWN_WORK = re.compile(
    r" i (?:wrote|write|made|am writing) (?:[^ ]+ ){0,5}(?:i|my|me) "
)
_HAS_PAST = frozenset({"self_harm", "substances", "eating", "friend"})
_OWN = frozenset(
    {
        "abuse",
        "dating_violence",
        "eating",
        "neglect",
        "sexual_abuse",
        "substances",
        "trafficking",
    }
)
_OWN_FRIEND = re.compile(r"(?<= )(?:i|me|my|mi)(?= )")
_PLAYED = frozenset({"sh.kill_self", "fr.reflexive"})
_WISHES = frozenset(
    {
        "sh.wish_to_die",
        "sh.wish_gone",
        "sh.kill_self",
        "sh.es_core",
        "de.wish",
        "le.coded",
        "le.es",
        "ne.wish",
    }
)
_SPELLED_OUT = re.compile(r" (?:kill\w* myself|suicid\w*|my life|myself) ")
_PAST_AND_SAFE = frozenset({"abuse", "neglect", "dating_violence", "sexual_abuse"})
_ONLY_NOW = frozenset({"ne.passive", "ne.injury"})
_USING = frozenset({"fr.harmed", "dr.friend", "su.danger"})
_NOT_MOVED = frozenset({"bq.needs"})
_SAYS_OF_OTHERS = frozenset(
    {"wants", "wanted", "keeps", "has", "tried", "plans", "planned", "thinks", "feels"}
)
_TURNS = re.compile(r" (?:and|but|because|so|pero|y|porque|,) (?:now )?(?:i|me|yo) ")


class Message(Line):
    """A message in plain form, with what its words allow to be looked up."""

    def __init__(self, text: str, rules: Rulebook) -> None:
        super().__init__(text)
        self.rules = rules
        self._known: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Tell whether a phrase of the named context list stands in the message."""
        if name not in self._known:
            self._known[name] = self.rules.context[name].stands_in(self)
        return self._known[name]

    @cached_property
    def past(self) -> bool:
        """Tell whether the message speaks of a time that is over."""
        over = self.has("past_when") or self.has("recovered")
        return over and not self.has("recurring")


@dataclass(frozen=True)
class Reading:
    """What one rule's match comes to once its surroundings are read."""

    rule: Rule
    category: str
    level: str
    start: int
    end: int


def read(rule: Rule, found: re.Match[str], line: Message) -> Reading:
    """Weigh one match: framed, negated, past, about another person, or as it says."""
    category, level = _weigh(rule, found, line)
    return Reading(rule, category, level, found.start(), found.end())


def _weigh(rule: Rule, found: re.Match[str], line: Message) -> tuple[str, str]:
    if rule.level == "none":
        return rule.category, "none"
    start = _sentence_start(line.text, found.start())
    left, said = line.text[start : found.start()], f" {found[0]}"
    if rule.unless and line.has(rule.unless):
        return rule.category, "none"
    if _framed(rule, left, said, line):
        return rule.category, "none"
    if line.has("but_now"):
        return rule.category, rule.level
    if _negated(left, said, line) or _denied(rule, left, said, line):
        return rule.category, "soft"
    has_past = rule.category in _HAS_PAST and rule.id not in _ONLY_NOW
    if has_past and line.past and _past_tense(left, said, line):
        return "self_harm" if rule.category == "friend" else rule.category, "soft"
    if _joked(rule, said, line) or _over(rule, line):
        return rule.category, "soft"
    moved = _moved(rule, line)
    if moved:
        return moved
    if rule.category == "self_harm" and rule.level == "red":
        return _whose(left, said, line, rule.level)
    own = rule.category in _OWN and rule.id not in _NOT_MOVED
    if rule.level == "red" and own and _other(left, said, line):
        return "friend", "red"
    if rule.refine:
        return _between(line), rule.level
    return rule.category, rule.level


def _joked(rule: Rule, said: str, line: Message) -> bool:
    """Tell a laughed-off "kms" or "I want to die" from a wish spelled out."""
    if rule.id not in _WISHES or not line.has("laughs") or line.has("earnest"):
        return False
    return "kms" in line.words or not _SPELLED_OUT.search(said)


def _over(rule: Rule, line: Message) -> bool:
    """Tell harm that is long past, where the student says they are safe now."""
    if rule.category not in _PAST_AND_SAFE:
        return False
    if line.has("long_gone") and line.has("safe_now"):
        return True
    if not line.has("past_when"):
        return False
    return line.has("safe_now") and not line.has("recurring")


def _moved(rule: Rule, line: Message) -> tuple[str, str] | None:
    """Name the better route where the message says who does what to whom."""
    if rule.category in ("threat", "dating_violence") and line.has("reflexive"):
        return "friend", "red"
    if rule.category == "threat" and line.has("told_dying"):
        return "friend", "red"
    if rule.category == "self_harm" and line.has("found_at"):
        return "friend", "red"
    if rule.id == "sh.injury" and line.has("drink_relapse") and "cut" not in line.words:
        return "substances", "soft"
    if rule.id == "de.wish" and line.has("reflexive") and "myself" not in line.words:
        return "friend", "red"
    if rule.id == "sh.farewell" and line.has("on_others"):
        return "threat", "red"
    if rule.id == "dv.partner" and line.has("told_on") and not line.has("partner_hint"):
        return "abuse", "red"
    if rule.category == "sexual_abuse" and line.has("partner_forces"):
        return "dating_violence", "red"
    if rule.id in _USING and line.has("family_uses"):
        return "substances", "soft"
    return None


def _sentence_start(text: str, before: int) -> int:
    starts = [m.end() - 1 for m in _END.finditer(text, 0, before)]
    return starts[-1] if starts else 0


def _framed(rule: Rule, left: str, said: str, line: Message) -> bool:
    lists, words = line.rules.context, line.words
    if not line.has("frame"):
        return False
    asked = left.endswith(" what is ") and rule.id != "sh.no_point"
    if asked or lists["meaning"].found(left, words):
        return True
    if _OWN_WORK.search(left + said):
        return False
    playable = rule.id in _PLAYED or rule.category == "threat"
    if playable and line.has("game"):
        return True
    if rule.category == "friend" and not _OWN_FRIEND.search(said):
        sentence = left + said + line.text[line.text.find(said) + len(said) :]
        if lists["fiction"].found(sentence, words):
            return True
    generic = lists["generic_subject"].found(left, words)
    if generic and not _FIRST_PERSON.search(said):
        return True
    in_quotes = left.count('"') % 2 == 1
    framing = line.rules.framing.search(left)
    return in_quotes or bool(framing and not _TURNS.search(framing[0]))


def _negated(left: str, said: str, line: Message) -> bool:
    near = left[-90:]
    if not line.rules.negation.search(near):
        return False
    return not line.rules.blocked.search(near)


def _denied(rule: Rule, left: str, said: str, line: Message) -> bool:
    if rule.category in ("self_harm", "neglect", "eating", "trafficking"):
        return False
    near = " " + " ".join(left.split()[-2:]) + said
    return line.rules.context["denied"].found(near, line.words)


def _past_tense(left: str, said: str, line: Message) -> bool:
    near = " " + " ".join(left.split()[-4:]) + said
    return line.rules.context["past_verb"].found(near, line.words)


def _whose(left: str, said: str, line: Message, level: str) -> tuple[str, str]:
    if line.rules.reported.search(left[-120:]):
        return "friend", "red"
    if line.rules.context["kin_who"].found(said, line.words):
        return "friend", "red"
    if _of_other(left, said, line):
        return "friend", "red"
    lists = line.rules.context
    if _FIRST_PERSON.search(lists["third_me"].removed(Line(said)).text):
        return "self_harm", level
    subject = _nearest(left, [lists["self_subject"], lists["third_subject"]], line)
    if subject == 1:
        return "friend", "red"
    if subject is None and lists["generic_subject"].found(left, line.words):
        return "self_harm", "soft"
    return "self_harm", level


def _of_other(left: str, said: str, line: Message) -> bool:
    """Tell "my friend wants to kms": who comes before is the one who wants it."""
    before, words = left.split()[-1:], said.split()
    if not before or words[0] not in _SAYS_OF_OTHERS:
        return False
    return line.rules.context["third_subject"].found(f" {before[0]} ", line.words)


def _other(left: str, said: str, line: Message) -> bool:
    if _FIRST_PERSON.search(said):
        return False
    lists = line.rules.context
    return _nearest(left, [lists["self_subject"], lists["third_subject"]], line) == 1


def _nearest(left: str, groups: Sequence[Phrases], line: Message) -> int | None:
    best: tuple[int, int] | None = None
    for index, group in enumerate(groups):
        for found in group.spans(left, line.words):
            if best is None or found.start() > best[0]:
                best = (found.start(), index)
    return best[1] if best else None


def _between(line: Message) -> str:
    if line.has("partner_hint"):
        return "dating_violence"
    if line.has("peer_hint") and not line.has("home_hint"):
        return "bullying"
    return "abuse"
