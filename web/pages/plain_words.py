"""Hard words explained where they stand, for who asked for plain words (P8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from html.parser import HTMLParser

from pathways.texts import load

TOPIC = "plain_words."
EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "use", "path", "rect"})
# Where a meaning would break a name, a control, a picture or somebody's own words.
LEFT_ALONE = frozenset(
    {
        "head",
        "header",
        "footer",
        "nav",
        "title",
        "script",
        "style",
        "textarea",
        "select",
    }
    | {"button", "label", "legend", "a", "summary", "svg", "q", "h1", "caption", "th"}
)
OWN_WORDS = frozenset({"said", "kept-lines"})
MEANING = '<dfn>{}</dfn> <span class="meaning">({})</span>'


@cache
def meanings(language: str) -> Mapping[str, str]:
    """Return what each hard word means, by the word in small letters."""
    found: dict[str, str] = {}
    for name, line in load(language).items():
        if name.startswith(TOPIC):
            words, _, meaning = line.partition(" = ")
            found |= {one.strip().lower(): meaning for one in words.split(",")}
    return found


@cache
def _pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(meanings(language), key=len, reverse=True)
    every = "|".join(re.escape(one) for one in longest_first)
    return re.compile(rf"\b(?:{every})\b", re.IGNORECASE)


class _Explainer(HTMLParser):
    """Copies a page of ours and puts a meaning behind the first of each hard word."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=False)
        self.made: list[str] = []
        self._meanings = meanings(language)
        self._pattern = _pattern(language)
        self._told: set[str] = set()
        self._around: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append(self.get_starttag_text() or "")
        if tag not in EMPTY:
            classes = set((dict(attrs).get("class") or "").split())
            closed = bool(self._around) and self._around[-1][1]
            alone = closed or tag in LEFT_ALONE or bool(classes & OWN_WORDS)
            self._around.append((tag, alone))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.made.append(f"</{tag}>")
        names = [one for one, _ in self._around]
        if tag in names:
            last = len(names) - 1 - names[::-1].index(tag)
            del self._around[last:]

    def handle_data(self, data: str) -> None:
        alone = bool(self._around) and self._around[-1][1]
        self.made.append(data if alone else self._pattern.sub(self._explain, data))

    def _explain(self, found: re.Match[str]) -> str:
        meaning = self._meanings[found[0].lower()]
        if meaning in self._told:
            return found[0]
        self._told.add(meaning)
        return MEANING.format(found[0], escape(meaning))

    def handle_entityref(self, name: str) -> None:
        self.made.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.made.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.made.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.made.append(f"<!{decl}>")


def explained(page: str, language: str) -> str:
    """Return a page, or a piece of one, with hard words explained once each."""
    explainer = _Explainer(language)
    explainer.feed(page)
    explainer.close()
    return "".join(explainer.made)
