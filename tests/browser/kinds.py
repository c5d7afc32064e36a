"""Kinds of elements: what a style sheet can tell one element from another by."""

from __future__ import annotations

from playwright.sync_api import Page

FOUND = """() => {
  const words = /^(id|for|href|src|srcset|action|name|value|title|alt|content|d)$/;
  const loose = /^(data-|aria-(label|describedby|labelledby|controls|owns|value))/;
  const mute = (name) => words.test(name) || loose.test(name);
  const told = ({ name, value }, one) =>
    mute(name) && one.localName !== "link" ? name : `${name}=${value}`;
  const place = (one) => {
    const all = [...(one.parentElement?.children ?? [one])];
    const at = all.indexOf(one);
    const first = all.findIndex((each) => each.localName === one.localName) === at;
    return [Math.min(at, 3), first, at === all.length - 1];
  };
  const kinds = new Set();
  const walk = (one, above) => {
    const own = [...one.attributes].filter(({ name }) => name !== "lang");
    const names = own.map((each) => told(each, one)).sort();
    const kind = `${above}>${one.localName}[${names}]${place(one)}`;
    kinds.add(kind);
    for (const each of one.children) walk(each, kind);
  };
  walk(document.documentElement, "");
  return [...kinds];
}"""


def kinds_on(page: Page) -> set[str]:
    """Return the kinds on a page, each with all that it stands in.

    A kind is made of names, attributes and places. Words and addresses are no part of
    it, so that a page has the same kinds in another language, unless it shows more.
    """
    return set(page.evaluate(FOUND))
