"""The builder of prerequisites on a course's form; its buttons work without scripts.

The form sends the text and the groups. `rule-was` is the text that both were drawn
from, so that what was changed counts, and a clash of the two is told and not lost (A4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pathways.domain.catalog import Catalog
from pathways.domain.lexicon import fold
from pathways.domain.prerequisite_groups import (
    Group,
    Groups,
    Join,
    groups_of,
    text_of,
)
from pathways.domain.prerequisites import UnreadableRule, parse

COLUMN, MARK, WAS, ACT = "prerequisites", "rule-", "rule-was", "build"
MOST_GROUPS, MOST_COURSES = 12, 20
Cells = dict[str, str]
Words = Callable[..., str]


@dataclass(frozen=True)
class Shown:
    """A group on the page: what is in it, what was typed, what is wrong with that."""

    join: Join
    codes: tuple[str, ...] = ()
    typed: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Builder:
    """The builder on the page.

    Attributes:
        was: the prerequisite text that it was drawn from.
        at: the group that was worked on last.
    """

    join: Join
    groups: tuple[Shown, ...]
    was: str
    at: int | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether something typed can't be used."""
        return any(group.wrong for group in self.groups)

    @property
    def built(self) -> Groups:
        """What the groups say."""
        return _full(
            Groups(self.join, tuple(Group(one.join, one.codes) for one in self.groups))
        )


@dataclass(frozen=True)
class Settled:
    """A form that was sent, with one prerequisite text.

    Attributes:
        cells: the form's columns, without the builder's own fields.
        builder: the builder as it stands now; None where none was sent.
        acted: whether one of the builder's buttons was pressed.
        clash: what to say where text and groups were both changed, and differ.
    """

    cells: Cells
    builder: Builder | None = None
    acted: bool = False
    clash: str = ""

    @property
    def waits(self) -> bool:
        """Whether the form is shown again instead of published."""
        wrong = self.builder is not None and self.builder.is_wrong
        return self.acted or wrong or bool(self.clash)


def builder_for(text: str) -> Builder | None:
    """Return the builder of a text; None where groups can't say what it says."""
    found = _read(text)
    if found is None:
        return None
    shown = tuple(Shown(one.join, one.codes) for one in found.groups)
    return Builder(found.join, shown or (Shown("all"),), text)


def settle(
    catalog: Catalog, code: str, sent: Mapping[str, str], words: Words
) -> Settled:
    """Bring text and groups of a form together, and do what a button asked for.

    Args:
        catalog: the newest catalog.
        code: of the course that the form is about.
        sent: every field of the form.
        words: the text lookup of the page.
    """
    cells = {name: one for name, one in sent.items() if not name.startswith(MARK)}
    act = cells.pop(ACT, "")
    if WAS not in sent:
        return Settled(cells)
    before = _sent(sent)
    builder = _act(_with_typed(catalog, code, before, words), act)
    text, was = cells.get(COLUMN, "").strip(), builder.was
    said = text_of(builder.built)
    if builder.built == _full(_read(was) or Groups()):
        if text != was:
            return Settled(cells, builder_for(text), bool(act))
    elif text in (was, said):
        cells[COLUMN] = said
        builder = replace(builder, was=said)
    else:
        clash = words("page_catalog.rule_clash", groups=said)
        return Settled(cells, builder_for(text), bool(act), clash)
    return Settled(cells, builder, bool(act))


def courses_for(catalog: Catalog, code: str) -> list[tuple[str, str]]:
    """Return (code, title) of the courses that the builder offers, by title."""
    found = (one for one in catalog.courses.values() if one.code != code)
    return sorted(((one.code, one.title) for one in found), key=lambda one: one[1])


def _read(text: str) -> Groups | None:
    try:
        return groups_of(parse(text))
    except UnreadableRule:
        return None


def _full(built: Groups) -> Groups:
    """Return groups without empty ones; how a single group is joined says nothing."""
    full = tuple(
        group if len(group.codes) > 1 else Group(codes=group.codes)
        for group in built.groups
        if group.codes
    )
    return Groups(built.join if len(full) > 1 else "all", full)


def _sent(sent: Mapping[str, str]) -> Builder:
    groups = tuple(_groups(sent))
    return Builder(_join(sent.get("rule-join", "")), groups, sent[WAS].strip())


def _groups(sent: Mapping[str, str]) -> Iterator[Shown]:
    for place in range(MOST_GROUPS):
        name = f"{MARK}{place}"
        if f"{name}-join" not in sent:
            return
        codes = (sent.get(f"{name}-{at}", "") for at in range(MOST_COURSES))
        kept = tuple(dict.fromkeys(code for code in codes if code))
        yield Shown(_join(sent[f"{name}-join"]), kept, sent.get(f"{name}-add", ""))


def _join(text: str) -> Join:
    return "any" if text == "any" else "all"


def _with_typed(catalog: Catalog, own: str, builder: Builder, words: Words) -> Builder:
    """Add what was typed into the groups' searches, or say why it can't be used."""
    groups = []
    for group in builder.groups:
        found = _find(catalog, group.typed)
        if not group.typed.strip():
            groups.append(replace(group, typed=""))
        elif len(found) == 1 and found[0] != own and len(group.codes) < MOST_COURSES:
            codes = tuple(dict.fromkeys((*group.codes, found[0])))
            groups.append(replace(group, codes=codes, typed=""))
        else:
            wrong = _wrong(found, own, words)
            groups.append(replace(group, wrong=wrong))
    return replace(builder, groups=tuple(groups))


def _wrong(found: list[str], own: str, words: Words) -> str:
    if found == [own]:
        return words("page_catalog.rule_itself")
    if len(found) == 1:
        return words("page_catalog.rule_full", most=MOST_COURSES)
    if found:
        return words("page_catalog.rule_several", codes=", ".join(found))
    return words("page_catalog.rule_unknown")


def _find(catalog: Catalog, typed: str) -> list[str]:
    """Return the courses that a code or a title means."""
    wanted = typed.strip().casefold()
    codes = [code for code in catalog.courses if code.casefold() == wanted]
    named = fold(typed)
    return codes or [
        one.code for one in catalog.courses.values() if fold(one.title) == named
    ]


def _act(builder: Builder, act: str) -> Builder:
    """Do what a button says: `group`, `add-0`, `drop-0` or `drop-0-1`."""
    what, *places = act.split("-")
    at = [int(one) for one in places if one.isdecimal()]
    groups = list(builder.groups)
    if what == "group" and len(groups) < MOST_GROUPS:
        groups.append(Shown("any"))
        return replace(builder, groups=tuple(groups), at=len(groups) - 1)
    if not at or at[0] >= len(groups):
        return builder
    if what == "drop" and len(at) == 1:
        del groups[at[0]]
        groups = groups or [Shown("all")]
        return replace(builder, groups=tuple(groups), at=max(0, at[0] - 1))
    if what == "drop":
        group = groups[at[0]]
        codes = tuple(one for place, one in enumerate(group.codes) if place != at[1])
        groups[at[0]] = replace(group, codes=codes)
    return replace(builder, groups=tuple(groups), at=at[0])
