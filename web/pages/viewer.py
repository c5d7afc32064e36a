"""The person in front of a page, and the page made for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from pathways.app import Milepost
from pathways.services import catalog as catalogs
from pathways.services.access import Actor
from pathways.services.members import Me, me
from pathways.services.telling import say_to
from pathways.texts import FALLBACK
from pathways.texts.phrases import told
from web.deps import App, PageActor
from web.pages.named import Named
from web.pages.templates import page, render


@dataclass(frozen=True)
class Viewer:
    """Who looks, and everything a page needs to be drawn for them."""

    request: Request
    milepost: Milepost
    actor: Actor
    me: Me

    def words(self, name: str, /, **values: object) -> str:
        """Return a text for people in the viewer's language."""
        return say_to(self.actor, name, values)

    def told(self, error: Exception) -> str:
        """Return what an error says, in the viewer's language."""
        return told(self.me.language, str(error))

    @cached_property
    def named(self) -> Named:
        """Finds what the catalog says in the viewer's language."""
        language = self.me.language
        if language == FALLBACK:
            return Named(language)
        catalog = catalogs.current(self.milepost, self.actor)
        return Named(language, catalog.wordings.get(language, {}))

    def page(
        self, name: str, context: Mapping[str, Any] | None = None, status: int = 200
    ) -> HTMLResponse:
        """Return a whole page."""
        return page(self.request, name, self.me, self._with(context), status)

    def fragment(self, name: str, context: Mapping[str, Any] | None = None) -> str:
        """Return a piece of a page."""
        return render(self.request, name, self.me, self._with(context))

    def _with(self, context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"named": self.named, **(context or {})}


def viewer(request: Request, milepost: App, actor: PageActor) -> Viewer:
    """Return the person who is signed in, with their name and clock."""
    return Viewer(request, milepost, actor, me(milepost, actor))


View = Annotated[Viewer, Depends(viewer)]
