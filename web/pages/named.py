"""What the catalog says, in the reader's language or marked as English (P8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup

from pathways.texts import FALLBACK, say

ENGLISH = Markup('<span lang="en">{}</span> <span class="tag">{}</span>')
ATTRIBUTE = Markup(' lang="en"')


@dataclass(frozen=True)
class Named:
    """Finds the words of a language; a template calls it with what the catalog says."""

    language: str = FALLBACK
    wording: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.wording.values())

    def _is_english(self, text: str) -> bool:
        has = text in self.wording or text in self._known
        return bool(text) and self.language != FALLBACK and not has

    def __call__(self, text: str, large: bool = False) -> Markup | str:
        """Return a title or a description; English is marked where it is not wanted.

        Args:
            text: what the catalog says, in English or translated already.
            large: whether the first letter is written large.
        """
        shown = self.plain(text)
        shown = f"{shown[:1].upper()}{shown[1:]}" if large else shown
        if not self._is_english(text):
            return shown
        return ENGLISH.format(shown, say(self.language, "pages.in_english"))

    def plain(self, text: str) -> str:
        """Return the words alone, for a name that is spoken or an element's label."""
        return self.wording.get(text, text)

    def many(self, texts: Iterable[str]) -> str:
        """Return several titles in a row, the words alone."""
        return ", ".join(self.plain(one) for one in texts)

    def attribute(self, text: str) -> Markup | str:
        """Return `lang="en"` for an element that holds English, or nothing."""
        return ATTRIBUTE if self._is_english(text) else ""
