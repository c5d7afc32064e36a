"""What a form says when something in it can't be used."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """The field at fault, why in words, and everything that was typed.

    Attributes:
        field: name of the field; empty where the form as a whole is meant.
        message: what to do, in the reader's language.
        form: which form of the page, where it has several.
        given: what was typed, by name of the field.
    """

    field: str = ""
    message: str = ""
    form: str = ""
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def typed(self, form: str, name: str, otherwise: str = "") -> str:
        """Return what was typed into a field of a form, or what stood there."""
        return self.given.get(name, otherwise) if form == self.form else otherwise

    def at(self, form: str, name: str) -> bool:
        """Whether this field of this form is the one at fault."""
        return bool(self.message) and (form, name) == (self.form, self.field)


NOTHING = Wrong()
