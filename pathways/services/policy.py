"""The rules that a school works by: the state's pack and the district's (O11)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pathways.domain.district import District
from pathways.domain.policy import Pack, Policy, Rule
from pathways.services.errors import Invalid
from pathways.store.credit_models import DistrictPolicy
from pathways.store.models import School
from pathways.store.unit_of_work import UnitOfWork
from pathways.yaml_file import read_yaml

FOLDER = Path(__file__).parents[1] / "policies"
PACKS = {"OH": "ohio", "NH": "newhampshire", "VT": "vermont", "CT": "connecticut"}
LISTS = ("rules", "counting", "cases")


def read_pack(folder: Path) -> Pack:
    """Read a pack from its folder: `pack.yml`, and further files with rules.

    Raises:
        ValueError: a rule has no citation or cites nothing, or the schema is broken.
    """
    head = _yaml(folder / "pack.yml")
    for file in sorted(folder.glob("*.yml")):
        if file.name != "pack.yml":
            for name, rows in _yaml(file).items():
                if name not in LISTS:
                    raise ValueError(f"{file.name}: {name} is not known here.")
                head[name] = [*head.get(name, []), *rows]
    try:
        return Pack.model_validate(head)
    except ValidationError as error:
        raise ValueError(f"{folder.name}: {_first(error)}") from None


def _yaml(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(file)
    return found


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}".lstrip(": ")


@cache
def state_pack(state: str) -> Pack | None:
    """Return a state's pack, None where we have none."""
    name = PACKS.get(state)
    return read_pack(FOLDER / name) if name else None


def policy_for(work: UnitOfWork, school: School) -> Policy:
    """Return what holds at a school: its state's pack and its district's overlay."""
    row = work.credits.district(school.id)
    district = District.model_validate(row.overlay) if row else District()
    return Policy(
        pack=state_pack(school.state),
        district=district,
        overlay_number=row.number if row else 0,
    )


def policy_at(work: UnitOfWork, school: School, number: int) -> Policy:
    """Return what held at a school under an older overlay; 0 is none at all."""
    row = work.credits.district_version(school.id, number)
    district = District.model_validate(row.overlay) if row else District()
    return Policy(
        pack=state_pack(school.state), district=district, overlay_number=number
    )


def set_district(
    work: UnitOfWork,
    school: School,
    overlay: Mapping[str, Any],
    now: Any,
    actor_id: str | None = None,
) -> int:
    """Keep a new version of a district's overlay; return its number.

    Raises:
        Invalid: a name is not known or a value can't be used.
    """
    try:
        checked = District.model_validate(overlay)
    except ValidationError as error:
        raise Invalid(_first(error), "overlay") from None
    before = work.credits.district(school.id)
    number = before.number + 1 if before else 1
    work.credits.add(
        DistrictPolicy(
            school_id=school.id,
            number=number,
            overlay=checked.model_dump(mode="json"),
            set_at=now,
            actor_id=actor_id,
        )
    )
    return number


def pack(state: str) -> Mapping[str, Any]:
    """Return a state's pack as plain data; an empty one where we have none."""
    found = state_pack(state)
    if found is None:
        return {"id": "none", "version": "0", "rules": []}
    return {
        "id": found.id,
        "version": found.version,
        "title": found.title,
        "rules": [_plain(found, one) for one in found.rules],
    }


def rule(state: str, rule_id: str) -> Mapping[str, Any] | None:
    """Return one rule of a state's pack, None where it has no such rule."""
    found = state_pack(state)
    one = found.by_id.get(rule_id) if found else None
    return _plain(found, one) if found and one else None


def _plain(pack: Pack, one: Rule) -> dict[str, Any]:
    source = pack.sources[one.citation]
    return {**one.model_dump(), "citation": source.model_dump()}
