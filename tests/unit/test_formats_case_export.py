import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pathways.demo.generate import STARTER
from pathways.domain.catalog import catalog_of
from pathways.formats.case_export import case_package
from pathways.formats.catalog_csv import read_folder

CATALOG = catalog_of(3, [one.entry for one in read_folder(STARTER).placed])
AT = datetime(2026, 11, 21, 15, tzinfo=UTC)
SCHEMA = Path(__file__).parents[3] / "shared" / "data" / "case"


def package(school: str = "riverbend") -> dict[str, Any]:
    return case_package(CATALOG, school, "Riverbend Local Schools", AT)


def test_every_competency_is_in_the_framework_once() -> None:
    codes = [
        item["humanCodingScheme"]
        for item in package()["CFItems"]
        if item["CFItemType"] == "Competency"
    ]
    assert sorted(codes) == sorted(CATALOG.competencies)


def test_each_item_hangs_under_one_that_is_there() -> None:
    made = package()
    known = {item["identifier"] for item in made["CFItems"]}
    assert len(known) == len(made["CFItems"])
    top = made["CFDocument"]["identifier"]
    origins = [one["originNodeURI"]["identifier"] for one in made["CFAssociations"]]
    ends = {one["destinationNodeURI"]["identifier"] for one in made["CFAssociations"]}
    assert sorted(origins) == sorted(known)
    assert ends <= known | {top}
    assert top in ends


def test_identifiers_stay_and_are_the_schools_own() -> None:
    assert package() == package()
    mine = {item["identifier"] for item in package()["CFItems"]}
    assert not mine & {item["identifier"] for item in package("hilltop")["CFItems"]}


def test_the_package_is_valid_by_the_official_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    file = SCHEMA / "case-v1p0-cfpackage-schema.json"
    if not file.is_file():
        pytest.skip("the schema is not here")
    schema = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(package(), schema)
