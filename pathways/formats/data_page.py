"""Writes a copy of somebody's data as one page to read, without scripts or network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d2320; background: #fff; overflow-wrap: break-word; }
article { border-top: 1px solid #bbb; padding: .5rem 0; }
dl { margin: 0; display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr;
  gap: .1rem 1rem; }
dt { color: #555; } dd { margin: 0; white-space: pre-wrap; }
"""
HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><style>{style}</style></head><body><main>"
)


@dataclass(frozen=True)
class Part:
    """A part of the copy: its title, what is to be said of it, and its rows."""

    title: str
    about: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


def page_of(name: str, school: str, day: date, parts: Sequence[Part]) -> str:
    """Return the page: a list of the parts, then each with its rows."""
    title = f"What Milepost keeps about {name}"
    page = [HEAD.format(title=escape(title), style=STYLE)]
    page.append(f"<h1>{escape(title)}</h1><p>{escape(school)}, {day.isoformat()}</p>")
    page.append("<nav aria-label='Parts'><ul>")
    for number, part in enumerate(parts):
        count = len(part.rows)
        page.append(f'<li><a href="#p{number}">{escape(part.title)}</a>: {count}</li>')
    page.append("</ul></nav>")
    for number, part in enumerate(parts):
        page.append(f'<section><h2 id="p{number}">{escape(part.title)}</h2>')
        page.append(_pairs(part.about))
        page += [f"<article>{_pairs(_filled(row))}</article>" for row in part.rows]
        page.append("</section>")
    page.append("</main></body></html>")
    return "".join(page)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, and ids that only a machine reads."""
    return {
        name: value
        for name, value in row.items()
        if value not in (None, "", [], {}) and name != "id" and not name.endswith("_id")
    }


def _pairs(values: Mapping[str, Any]) -> str:
    pairs = "".join(
        f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(_words(value))}</dd>"
        for name, value in values.items()
    )
    return f"<dl>{pairs}</dl>"


def _words(value: Any) -> str:
    """Return a value as people read it; documents as lines."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_words(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(_words(one) for one in value)
    return str(value)
