"""What a district sets for itself, edited on a page and tried before it holds (O11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from pathways.app import Milepost
from pathways.domain.district import District
from pathways.domain.pack_cases import tried
from pathways.domain.policy import Pack
from pathways.formats.plain_errors import plain_reason
from pathways.services.access import Actor, Role, require, school_of
from pathways.services.alerts import full_name
from pathways.services.errors import Invalid, NotFound, Stale
from pathways.services.policy import set_district, state_pack
from pathways.store.unit_of_work import UnitOfWork

SETS = (Role.COUNSELOR, Role.ADMIN)
LEFT_OUT = frozenset({"retention", "sources"})  # retention stays with the machine
ON_TOP = "credit"
SOURCES = "sources"
NEED_SOURCE = frozenset(
    {ON_TOP, "deadlines", "appeal", "caps", "grading", "counting_twice"}
)
RULES = {
    ON_TOP: "graduation.hours",
    "deadlines": "credit_flex.timelines",
    "approvers": "credit_flex.who_decides",
    "appeal": "credit_flex.appeal",
    "caps": "credit_flex.no_cap",
    "grading": "credit_flex.grade",
    "graduation": "graduation.units",
    "athletics": "credit_flex.athletics",
}
LONGEST = 300
Cells = Mapping[str, str]


@dataclass(frozen=True)
class RuleField:
    """One thing to set: its name like `caps.credits_total`, and how it is typed."""

    name: str
    control: str
    value: str


@dataclass(frozen=True)
class Part:
    """A part of the rules; `rule` and `citation` are the state's word on it."""

    name: str
    fields: tuple[RuleField, ...]
    source: str
    rule: str = ""
    citation: str = ""
    needs_source: bool = False


@dataclass(frozen=True)
class CaseResult:
    """A test case of the state's pack, under these rules."""

    name: str
    rule: str
    expected: str
    answer: str
    holds: bool


@dataclass(frozen=True)
class RulesVersion:
    """A version of the rules, and what it changed: (name, before, after)."""

    number: int
    who: str
    when: datetime
    changed: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DistrictRules:
    """What holds now, its history, and the state that it adds to."""

    state: str
    pack: str
    number: int
    cells: Cells
    versions: tuple[RulesVersion, ...]


def district_rules(milepost: Milepost, actor: Actor) -> DistrictRules:
    """Return what the district has set, with its history."""
    require(actor, *SETS)
    with milepost.work() as work:
        school = school_of(work, actor)
        pack = state_pack(school.state)
        rows = work.credits.district_versions(school.id)
        cells = [cells_of(District.model_validate(row.overlay)) for row in rows]
        older = [*cells[1:], cells_of(District())]
        versions = tuple(
            RulesVersion(
                row.number, _who(work, actor, row.actor_id), row.set_at, _diff(was, now)
            )
            for row, now, was in zip(rows, cells, older, strict=False)
        )
        return DistrictRules(
            state=school.state,
            pack=f"{pack.title} {pack.version}" if pack else "",
            number=rows[0].number if rows else 0,
            cells=cells[0] if cells else cells_of(District()),
            versions=versions,
        )


def rules_at(milepost: Milepost, actor: Actor, number: int) -> Cells:
    """Return what an older version had set; 0 is nothing at all.

    Raises:
        NotFound: there is no such version.
    """
    require(actor, *SETS)
    with milepost.work() as work:
        row = work.credits.district_version(actor.school_id, number)
        if row is None and number:
            raise NotFound("The version")
        return cells_of(District.model_validate(row.overlay) if row else District())


def parts_of(milepost: Milepost, actor: Actor, cells: Cells) -> list[Part]:
    """Return the form: every part of the schema, filled with texts as typed."""
    require(actor, *SETS)
    with milepost.work() as work:
        pack = state_pack(school_of(work, actor).state)
    found: dict[str, list[RuleField]] = {}
    for name, control in _fields():
        part = name.partition(".")[0] if "." in name else ON_TOP
        field = RuleField(name, control, cells.get(name, ""))
        found.setdefault(part, []).append(field)
    return [_part(pack, name, fields, cells) for name, fields in found.items()]


def _part(pack: Pack | None, name: str, fields: list[RuleField], cells: Cells) -> Part:
    rule = pack.rule(RULES.get(name, "-")) if pack else None
    source = pack.sources[rule.citation] if pack and rule else None
    return Part(
        name,
        tuple(fields),
        cells.get(f"{SOURCES}.{name}", ""),
        rule.text if rule else "",
        f"{source.title}, {source.section}" if source else "",
        name in NEED_SOURCE,
    )


def try_rules(milepost: Milepost, actor: Actor, cells: Cells) -> list[CaseResult]:
    """Return what the state's test cases answer under these rules; saves nothing.

    Raises:
        Invalid: a value can't be used, or the state's own pack is broken.
    """
    require(actor, *SETS)
    with milepost.work() as work:
        return _tried(work, actor, _read(work, actor, cells))


def save_rules(
    milepost: Milepost, actor: Actor, cells: Cells, seen: int
) -> tuple[int, list[CaseResult]]:
    """Keep a new version of the rules; return its number and the test cases.

    Raises:
        Invalid: a value can't be used, a source is missing, or the cases can't run.
        Stale: somebody else saved since version `seen`.
    """
    require(actor, *SETS)
    with milepost.work() as work:
        school = school_of(work, actor)
        district = _read(work, actor, cells)
        results = _tried(work, actor, district)
        row = work.credits.district(school.id)
        number = row.number if row else 0
        before = District.model_validate(row.overlay) if row else District()
        if before == district:
            return number, results
        if number != seen:
            raise Stale("Someone saved these rules after you opened them.")
        overlay = district.model_dump(mode="json")
        number = set_district(work, school, overlay, milepost.clock(), actor.id)
        work.commit()
        return number, results


def cells_of(district: District) -> dict[str, str]:
    """Return rules as texts by their names; what is not set is empty."""
    cells = {}
    for name, _ in _fields():
        value: Any = district
        for part in name.split("."):
            value = getattr(value, part)
        cells[name] = _text(value)
    return cells | {f"{SOURCES}.{key}": one for key, one in district.sources.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_text(one)}" for key, one in value.items())
    return str(value).removesuffix(".0")


def _fields() -> Iterator[tuple[str, str]]:
    """Yield (name, control) of everything that can be set on the page."""
    for name, field in District.model_fields.items():
        if name in LEFT_OUT:
            continue
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            for one, found in inner.model_fields.items():
                yield f"{name}.{one}", _control(one, found.annotation)
        else:
            yield name, _control(name, field.annotation)


def _control(name: str, annotation: Any) -> str:
    kinds = [one for one in get_args(annotation) if one is not NoneType]
    plain = kinds[0] if kinds else annotation
    plain = get_args(plain)[0] if hasattr(plain, "__metadata__") else plain
    if plain is bool:
        return "flag"
    if plain in (int, float):
        return "number"
    if plain is str:
        is_day = name.startswith("credit_flex_") or name == "graduation_plan_update"
        return "day" if is_day else "text"
    return "area"


def _read(work: UnitOfWork, actor: Actor, cells: Cells) -> District:
    """Read rules from texts; retention stays as it is.

    Raises:
        Invalid: with the first field that can't be read and why.
    """
    row = work.credits.district(actor.school_id)
    before = row.overlay if row else {}
    overlay: dict[str, Any] = {"retention": before.get("retention") or {}}
    for name, control in _fields():
        text = cells.get(name, "").strip()
        if len(text) > LONGEST and control != "area":
            raise Invalid(f"Write {LONGEST} characters at most.", name)
        part, _, one = name.rpartition(".")
        target = overlay.setdefault(part, {}) if part else overlay
        target[one] = _value(name, control, text)
    overlay[SOURCES] = _sources(cells, overlay)
    try:
        return District.model_validate(overlay)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"][:2])
        known = place if place in cells else place.partition(".")[0]
        raise Invalid(plain_reason(first), known) from None


def _value(name: str, control: str, text: str) -> Any:
    if not text:
        return None
    if control == "flag":
        return text == "yes"
    if control != "area":
        return text
    found = {}
    for line in text.splitlines():
        area, sign, number = line.partition(":")
        if not sign or not area.strip():
            raise Invalid("Write one area a line, like `english: 4`.", name)
        found[area.strip()] = number.strip()
    return found


def _sources(cells: Cells, overlay: Mapping[str, Any]) -> dict[str, str]:
    """Return where each part stands.

    Raises:
        Invalid: a part that needs a source has none.
    """
    found = {
        name.partition(".")[2]: text.strip()
        for name, text in cells.items()
        if name.startswith(f"{SOURCES}.") and text.strip()
    }
    for part in sorted(NEED_SOURCE):
        held = overlay.get(part)
        values = list(held.values()) if isinstance(held, dict) else []
        if part == ON_TOP:
            values = [overlay.get("hours_per_credit"), overlay.get("form")]
        if any(one is not None for one in values) and part not in found:
            raise Invalid("Say where the district has written this.", f"sources.{part}")
    return found


def _tried(work: UnitOfWork, actor: Actor, district: District) -> list[CaseResult]:
    pack = state_pack(school_of(work, actor).state)
    if pack is None:
        return []
    if any(not one.holds for one in tried(pack, District())):
        raise Invalid("The state's own rules don't pass their tests. Nothing is saved.")
    return [
        CaseResult(
            one.case.name,
            one.case.rule,
            _text(one.case.expect),
            _text(one.answer),
            one.holds,
        )
        for one in tried(pack, district)
    ]


def _diff(was: Cells, now: Cells) -> tuple[tuple[str, str, str], ...]:
    names = list(dict.fromkeys((*now, *was)))
    pairs = [(name, was.get(name, ""), now.get(name, "")) for name in names]
    return tuple(one for one in pairs if one[1] != one[2])


def _who(work: UnitOfWork, actor: Actor, person_id: str | None) -> str:
    person = work.people.person(actor.school_id, person_id) if person_id else None
    return full_name(person) if person else ""
