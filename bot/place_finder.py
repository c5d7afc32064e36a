"""Finds places that the catalog does not hold: "the vet clinic", "Turner Homes"."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.catalog_matcher import CatalogMatcher
from bot.place_words import EMPLOYERS, KINDS, NAMED_ONLY, TRADE_NAMES, alternatives

KIND = alternatives(KINDS)
AT = r"(?:at|for|with|from|to|by|near|inside|into)"
DETERMINER = (
    r"(?:the|an?|my|our|this|that|local|some|any"
    r"|my (?:mom|dad|aunt|uncle|cousin|brother|sister|grandpa|grandma)'?s)"
)
NO_PART = (
    r"(?:am|an?|and|any|are|at|be|been|best|by|can|community|could|did|do|does|each|"
    r"every|for|from|get|good|had|has|have|high|i|in|into|is|it|its|me|middle|more|my|"
    r"new|next|no|of|off|on|one|open|or|other|our|out|school|so|some|spent|that|"
    r"the|their|this|to|up|was|we|were|what|which|with|work|worked|working|would|you|"
    r"works|your)"
)
PART = rf"(?!{NO_PART}\b)(?:st\.|[a-z][\w'&-]*)"
NOT_THE_PLACE = (
    r"(?! (?:class|idea|internship|job|one|option|position|program|thing)s?\b)"
)
PROPER = r"[A-Z][\w'&-]*"
NO_NAME = re.compile(
    r"^(?:I|I'm|I'll|I've|My|The|A|An|Mr|Mrs|Ms|Miss|Dr|Coach|Mom|Dad|Grandma|Grandpa|"
    r"English|Spanish|French|Math|Algebra|Geometry|Biology|Chem|Chemistry|Physics|"
    r"History|AP|IB|PE|CCP|GPA|IEP|SAT|ACT|PSAT|IT|TV|OK|Ohio|Christmas|Thanksgiving|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|May|"
    r"June|July|August|September|October|November|December)$"
)
NAMED = re.compile(
    rf"\b(?:the )?((?:{PROPER}\s+(?:(?:of|and|for|&)\s+(?={PROPER}))?){{1,4}}"
    rf"(?i:{KIND}|{alternatives(TRADE_NAMES)})(?![\w'-]))"
)
AFTER_AT = re.compile(
    r"\b(?:at|called|named"
    r"|(?:work|intern|volunteer|help|job|hours|shadow|shift)\w*(?: out)?"
    r" (?:for|with|by))"
    r"\s+(?:the |a )?"
    rf"({PROPER}(?:\s+(?:(?:of|and|for|&)\s+(?={PROPER}))?{PROPER}){{0,4}})"
)
GENERAL = alternatives(
    "|".join(sorted(set(KIND.split("|")) - set(alternatives(NAMED_ONLY).split("|"))))
)
DESCRIBED = re.compile(
    rf"\b(?:{DETERMINER}\s+(?:{PART}\s+){{0,3}}?(?:{GENERAL})"
    rf"|{AT}\s+(?:{PART}\s+){{0,3}}?(?:{GENERAL})"
    rf"|{AT}\s+(?:{DETERMINER}\s+)?(?:{PART}\s+){{1,3}}?(?:{KIND})"
    rf"|{DETERMINER}\s+(?:{PART}\s+){{1,2}}?(?:{KIND}))(?![\w'-])"
    rf"{NOT_THE_PLACE}",
    re.I,
)
WELL_KNOWN = re.compile(rf"(?<![\w'])(?:{alternatives(EMPLOYERS)})(?![\w'-])", re.I)
COMMON_WORDS = frozenset({"target", "sonic", "subway", "ups", "scouts", "nationwide"})
LEADING = re.compile(rf"^(?:(?:{AT}|{DETERMINER})\s+)+", re.I)
ASKED_OF = re.compile(rf"\b{AT}\s+(?:an?\s+|the\s+)?$", re.I)


def places(text: str, taken: Iterable[range] = ()) -> Iterator[tuple[int, int]]:
    """Yield where a place is named, without the words that lead to it.

    Args:
        text: what the student wrote.
        taken: places in the text where another entity stands already.
    """
    kept = [*taken]
    shouted = text.isupper()
    patterns = (WELL_KNOWN, DESCRIBED) if shouted else (NAMED, WELL_KNOWN, AFTER_AT)
    for pattern in (*patterns, *(() if shouted else (DESCRIBED,))):
        for match in pattern.finditer(text):
            start, end = _bounds(match)
            if start >= end or _is_no_place(match, text[start:end], text[:start]):
                continue
            if any(start < one.stop and one.start < end for one in kept):
                continue
            kept.append(range(start, end))
            yield start, end


def _bounds(match: "re.Match[str]") -> tuple[int, int]:
    if match.re in (NAMED, AFTER_AT):
        return match.start(1), match.end(1)
    if match.re is WELL_KNOWN:
        return match.span()
    leading = LEADING.match(match[0])
    return match.start() + (leading.end() if leading else 0), match.end()


def _is_no_place(match: "re.Match[str]", words: str, before: str) -> bool:
    if match.re is WELL_KNOWN:
        return words.lower() in COMMON_WORDS and not ASKED_OF.search(before)
    if match.re is DESCRIBED:
        return False
    return any(NO_NAME.match(word) for word in words.split()[:1])


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class PlaceFinder(GraphComponent):
    """Adds organizations outside the catalog, by how a place is named.

    They carry no code: what they are is for the student and the advisor to say.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """What the catalog knows comes first."""
        return [CatalogMatcher]

    @staticmethod
    def required_packages() -> list[str]:
        """Nothing beyond Rasa."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlaceFinder":
        """Make the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the places found to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            known = message.get(ENTITIES, [])
            taken = [
                range(one["start"], one["end"])
                for one in known
                if one["entity"] in ("organization", "date", "duration")
            ]
            found = [
                {
                    "entity": "organization",
                    "value": text[start:end],
                    "start": start,
                    "end": end,
                    "extractor": "PlaceFinder",
                }
                for start, end in places(text, taken)
            ]
            message.set(ENTITIES, known + found, add_to_output=True)
        return messages
