"""docs/importing.md says what the importers really read."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_group

from pathways.cli.main import app
from pathways.domain.catalog import KINDS, Entry, Phrase
from pathways.formats import canvas, canvas_outcomes, course_history, mastery_csv
from pathways.formats.catalog_csv import LAST, columns_of
from pathways.services import imports_graduation

DOCS = Path(__file__).parents[2] / "docs" / "importing.md"
TEXT = DOCS.read_text(encoding="utf-8")
COLUMN = re.compile(r"^\| (`[^|]+?`) ?(\*?) \|", re.MULTILINE)


def columns_in(part: str) -> dict[str, bool]:
    """Return the columns of the first table in a part: name -> must be there."""
    table = part.partition("\n|")[2].partition("\n\n")[0]
    return {
        name: bool(star)
        for names, star in COLUMN.findall(f"|{table}")
        for name in re.findall(r"`([^`]+)`", names)
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.file))
def test_every_column_of_the_catalog_is_described(kind: type[Entry]) -> None:
    described = columns_in(TEXT.partition(f"\n`{kind.file}`")[2])

    fields = {found.alias or n: found for n, found in kind.model_fields.items()}
    columns = {
        name: fields[key].is_required()
        for name, key in columns_of(kind).items()
        if name not in LAST
    }
    if kind is Phrase:
        columns["title"] = False
    assert described == columns


def test_the_columns_that_every_file_ends_with_are_described() -> None:
    part = TEXT.partition("ends with the same four columns")[2]

    assert tuple(columns_in(part)) == LAST


@pytest.mark.parametrize(
    ("heading", "needed"),
    [
        ("--format canvas`", canvas.NEEDED),
        ("--format csv`", mastery_csv.NEEDED),
        ("import outcomes FILE`", canvas_outcomes.NEEDED),
        ("import courses FILE`", course_history.NEEDED),
        ("import graduation FILE`", imports_graduation.NEEDED),
    ],
)
def test_needed_columns_have_a_star(heading: str, needed: tuple[str, ...]) -> None:
    described = columns_in(TEXT.partition(f"{heading}\n")[2])

    assert {name for name, star in described.items() if star} == set(needed)


def test_every_command_is_listed() -> None:
    group = get_group(app)
    listed = TEXT.partition("## All commands")[2]

    def names(one: typer.core.TyperGroup, path: str) -> list[str]:
        found = []
        for name, command in one.commands.items():
            inner = f"{path} {name}"
            is_group = isinstance(command, typer.core.TyperGroup)
            found += names(command, inner) if is_group else [inner]
        return found

    assert sorted(re.findall(r"`(milepost [^`]+)`", listed)) == sorted(
        names(group, "milepost")
    )
