"""axe in a page, with as little as possible said between it and the test."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

THERE = "typeof axe === 'object'"
RUN = """async (options) => {
  const { violations } = await axe.run(document, options);
  return violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => {
      const targets = one.nodes.slice(0, 3).map((node) => node.target);
      return JSON.stringify({ [one.id]: targets });
    });
}"""
COLOURS = "color-contrast"


def bring_axe(page: Page) -> None:
    """Have each page that is opened from now on bring axe with it."""
    page.add_init_script(AXE_SCRIPT)


def serious(page: Page, colours: bool = True) -> list[str]:
    """Return the serious and critical barriers that axe sees, and where they are.

    Contrast of colours takes most of its time, and can be left out.
    """
    return _run(page, rules={COLOURS: {"enabled": colours}})


def faint(page: Page) -> list[str]:
    """Return what has too little contrast, and look at nothing else."""
    return _run(page, runOnly=[COLOURS])


def _run(page: Page, **options: object) -> list[str]:
    if not page.evaluate(THERE):
        page.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], **options}
    found: list[str] = page.evaluate(RUN, asked)
    return found
