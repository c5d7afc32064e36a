"""Ways in: by name and password on the page, or by a session opened beforehand."""

from __future__ import annotations

from typing import Protocol

from house import PASSWORD
from playwright.sync_api import BrowserContext, Page

from pathways.app import Milepost
from pathways.services.sign_in import open_session
from web.deps import COOKIE


class Place(Protocol):
    """A running app, on whatever assistant."""

    @property
    def url(self) -> str:
        """Return where it is."""

    @property
    def milepost(self) -> Milepost:
        """Return what it runs on."""


def let_in(place: Place, context: BrowserContext, username: str) -> Page:
    """Open a session for somebody without the password, whose check takes its time."""
    with place.milepost.work() as work:
        person = work.people.by_username(username)
        assert person is not None
        now = place.milepost.clock()
        secret = open_session(work, person, now, "password", "Chrome, Linux")
        work.commit()
    context.add_cookies([{"name": COOKIE, "value": secret, "url": place.url}])
    return context.new_page()


def sign_in_at(page: Page, username: str, address: str = "/") -> None:
    """Sign somebody in by the page that asks for it on the way to an address."""
    page.goto(address)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
