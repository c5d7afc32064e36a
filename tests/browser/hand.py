"""A person at a page: finds things by their visible names, by mouse or by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from playwright.sync_api import Locator, Page, expect

from pathways.texts import load, say

FAR = 400
STUCK = 8
REACHED = """(goal) => {
  const at = document.activeElement;
  const fold = goal.closest("summary");
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    there: at === goal || (fold !== null && at === fold),
    group: at.type === "radio" && at.name === goal.name,
    page: at === document.body || at.id === "main",
    seen: (ring || style.boxShadow !== "none") && box.width > 0 && box.height > 0
      && box.bottom > 0 && box.top < innerHeight,
    what: at.outerHTML.slice(0, 120),
  };
}"""
CHOSEN = "(one) => one.selectedOptions[0].textContent.trim()"


class Hand:
    """Does what somebody does on a page, and counts the clicks.

    A click is each link, button, box, fold, choice in a list and file that is
    pressed; typing is none. With `keys` everything goes by the keyboard alone.
    """

    def __init__(self, page: Page, language: str, keys: bool) -> None:
        """Keep the page; `language` is that of the names on it."""
        self.page = page
        self.language = language
        self.keys = keys
        self.clicks = 0
        self._inside: Page | Locator = page

    def words(self, name: str, /, **values: object) -> str:
        """Return a text of ours by its name; other words stand for themselves."""
        known = name in load("en")
        return say(self.language, name, values) if known else name

    def home(self) -> None:
        """Begin anew at the person's start page."""
        self.page.goto("/")
        self.clicks = 0

    @contextmanager
    def inside(self, role: str, name: str = "", /, **values: object) -> Iterator[None]:
        """Look for names only within a landmark, a group or a card."""
        words = {"name": self.words(name, **values)} if name else {}
        found = self.page.get_by_role(cast(Any, role), **cast(Any, words))
        self._inside = found.first
        try:
            yield
        finally:
            self._inside = self.page

    def link(self, name: str, /, **values: object) -> None:
        """Follow a link."""
        self._go(self._called("link", name, values))

    def button(self, name: str, /, **values: object) -> None:
        """Press a button that leads on to a page."""
        self._go(self._called("button", name, values))

    def tap(self, name: str, /, **values: object) -> None:
        """Press a button that changes the page one is on."""
        self.clicks += 1
        self._press(self._called("button", name, values), "Enter")

    def tick(self, name: str, /, **values: object) -> None:
        """Tick a box."""
        self.clicks += 1
        self._press(self._called("checkbox", name, values), "Space")

    def pick(self, name: str, /, **values: object) -> None:
        """Pick one of several."""
        self.clicks += 1
        goal = self._called("radio", name, values)
        if not self.keys:
            goal.check()
            return
        self._reach(goal, in_group=True)
        for _ in range(STUCK):
            if goal.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name}: no arrow leads there")

    def unfold(self, name: str, /, **values: object) -> None:
        """Open what is folded."""
        self.clicks += 1
        found = self._inside.locator("summary", has_text=self.words(name, **values))
        self._press(found.first, "Enter")

    def write(self, label: str, text: str, /, **values: object) -> None:
        """Write into a field."""
        field = self._field(label, values)
        if not self.keys:
            field.fill(text)
            return
        self._reach(field)
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self.page.keyboard.type(month + day + year)
            assert field.input_value() == text
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, **values: object) -> None:
        """Choose from a list by what is read there."""
        self.clicks += 1
        field, words = self._field(label, values), self.words(option)
        if not self.keys:
            field.select_option(label=words)
            return
        self._reach(field)
        self.page.keyboard.press("Home")
        for _ in range(FAR):
            if field.evaluate(CHOSEN) == words:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label}: {words!r} is not in the list")

    def upload(self, label: str, name: str, content: str) -> None:
        """Choose a file."""
        self.clicks += 1
        field = self._field(label, {})
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        with self.page.expect_file_chooser() as chooser:
            self._press(field, "Enter")
        chooser.value.set_files(cast(Any, file))

    def told(self, name: str, /, **values: object) -> None:
        """What was done is said where a screen reader hears it."""
        words = self.words(name, **values)
        said = self.page.get_by_role("status").filter(has_text=words)
        expect(said.first).to_be_visible()

    def sees(self, name: str, /, **values: object) -> None:
        """The page says so."""
        words = self.words(name, **values)
        expect(self.page.get_by_role("main")).to_contain_text(words, ignore_case=True)

    def at(self, name: str, /, **values: object) -> None:
        """The page's main heading is this one."""
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_contain_text(self.words(name, **values))

    def _called(self, role: str, name: str, values: dict[str, object]) -> Locator:
        words = self.words(name, **values)
        loose = self._inside.get_by_role(cast(Any, role), name=words)
        expect(loose.first).to_be_attached()
        exact = self._inside.get_by_role(cast(Any, role), name=words, exact=True)
        return (exact if exact.count() else loose).first

    def _field(self, label: str, values: dict[str, object]) -> Locator:
        words = self.words(label, **values)
        begins = re.compile("^" + re.escape(words))
        loose = self._inside.get_by_label(begins)
        expect(loose.first).to_be_attached()
        exact = self._inside.get_by_label(words, exact=True)
        return (exact if exact.count() else loose).first

    def _go(self, goal: Locator) -> None:
        self.clicks += 1
        if not self.keys:
            with self.page.expect_navigation():
                goal.click()
            return
        self._reach(goal)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _press(self, goal: Locator, key: str) -> None:
        if self.keys:
            self._reach(goal)
            self.page.keyboard.press(key)
        else:
            goal.click()

    def _reach(self, goal: Locator, in_group: bool = False) -> None:
        """Go to something with the Tab key; each stop on the way shows where it is."""
        element = goal.element_handle()
        before, same = "", 0
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            stop = element.evaluate(REACHED)
            assert stop["page"] or stop["seen"], f"no focus is seen: {stop['what']}"
            if stop["there"] or (in_group and stop["group"]):
                return
            same = same + 1 if stop["what"] == before else 0
            assert same < STUCK, f"the focus is caught: {stop['what']}"
            before = stop["what"]
        raise AssertionError(f"out of reach by keys: {goal}")
