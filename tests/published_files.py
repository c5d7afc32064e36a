"""Writes small files of the kinds that governments and frameworks publish."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
Cells = Sequence[str | float]
Grid = Sequence[Cells]
WAGES = (
    "soc_code,title,area,employment,annual_mean,annual_p10,annual_median,annual_p90,"
    "median_footnote\n"
)
OUTLOOK = "title,soc_code,num_jobs_2024,projected_employment_2034,outlook_pct"
READ_ME = "O*NET {version} Database\n{month} Release\n----------------\n"
NURSE, SAILOR, WELDER = "29-1141.00", "55-3019.00", "51-4121.00"
RATING = (
    "O*NET-SOC Code",
    "Element ID",
    "Element Name",
    "Scale ID",
    "Data Value",
    "Recommend Suppress",
    "Not Relevant",
)
WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>'
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships">{links}</Relationships>'
)
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(path: Path | io.BytesIO, sheets: Mapping[str, Grid]) -> None:
    """Write an Excel file with some sheets."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        root = f'<Relationship Id="r1" Target="xl/workbook.xml" Type="{DOCUMENT}/'
        archive.writestr("_rels/.rels", LINKS.format(links=f'{root}officeDocument"/>'))
        names, links = "", ""
        for number, (name, grid) in enumerate(sheets.items(), start=1):
            names += (
                f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"/>'
            )
            target = f"worksheets/sheet{number}.xml"
            links += f'<Relationship Id="r{number}" Target="{target}" '
            links += f'Type="{DOCUMENT}/worksheet"/>'
            archive.writestr(f"xl/{target}", sheet(grid))
        archive.writestr("xl/workbook.xml", WORKBOOK.format(sheets=names))
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS.format(links=links))


def sheet(grid: Grid) -> str:
    """Return the XML of one sheet."""
    rows = ""
    for line, row in enumerate(grid, start=1):
        cells = "".join(
            _cell(f"{chr(65 + column)}{line}", value)
            for column, value in enumerate(row)
        )
        rows += f'<row r="{line}">{cells}</row>'
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    )


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        text = escape(value)
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def delimited(grid: Grid, delimiter: str = ",") -> str:
    """Return a table as text; tab text is never quoted, as O*NET writes it."""
    if delimiter == "\t":
        return "".join("\t".join(map(str, row)) + "\r\n" for row in grid)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(grid)
    return out.getvalue()


def onet_tables() -> dict[str, Grid]:
    """Return a release of three occupations: a nurse, a welder, and a sailor.

    The sailor has neither interests nor skills, as 93 occupations of a release.
    """
    return {
        "Occupation Data": (
            ("O*NET-SOC Code", "Title", "Description"),
            (NURSE, "Registered Nurses", 'Care for the sick ("patients").'),
            (WELDER, "Welders", "Join metal."),
            (SAILOR, "Military Specialists, All Other", "All other."),
        ),
        "Interests": (
            ("O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value"),
            (WELDER, "1.B.1.a", "Realistic", "OI", 6.5),
            (NURSE, "1.B.1.d", "Social", "OI", 5.62),
            (NURSE, "1.B.1.b", "Investigative", "OI", 4.82),
            (NURSE, "1.B.1.g", "First Interest High-Point", "IH", 4),
            (NURSE, "1.B.1.i", "Third Interest High-Point", "IH", 0),
        ),
        "Job Zones": (
            ("O*NET-SOC Code", "Job Zone"),
            (NURSE, 3),
            (WELDER, 2),
        ),
        "Job Zone Reference": (
            ("Job Zone", "Name", "Education"),
            (2, "Job Zone Two: Some Preparation Needed", "A diploma"),
            (3, "Job Zone Three: Much Preparation Needed", "A degree"),
        ),
        "Skills": (
            RATING,
            (NURSE, "2.A.1.a", "Reading", "IM", 3.88, "N", "n/a"),
            (NURSE, "2.A.1.a", "Reading", "LV", 4.25, "N", "N"),
            (NURSE, "2.A.1.b", "Listening", "IM", 4.0, "Y", "n/a"),
            (NURSE, "2.A.1.e", "Mathematics", "LV", 0, "N", "Y"),
            (WELDER, "2.A.1.a", "Reading", "IM", 2.5, "N", "n/a"),
        ),
        "Alternate Titles": (
            ("O*NET-SOC Code", "Alternate Title", "Short Title"),
            (NURSE, "Charge Nurse", "n/a"),
        ),
        "Sample of Reported Titles": (
            ("O*NET-SOC Code", "Reported Job Title", "Shown in My Next Move"),
            (NURSE, "Staff Nurse", "Y"),
        ),
        "Related Occupations": (
            ("O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier", "Index"),
            (NURSE, WELDER, "Supplemental", 20),
        ),
    }


def renamed(tables: Mapping[str, Grid]) -> dict[str, Grid]:
    """Return a release under the names of 30.3: skills in two, others renamed."""
    found = dict(tables)
    found["Career Interest Types"] = found.pop("Interests")
    header, first, *rest = found.pop("Skills")
    found["Essential Skills"] = (header, first)
    found["Transferable Skills"] = (header, *rest)
    found["Job Titles"] = tuple(
        tuple(str(cell).replace("Alternate Title", "Job Title") for cell in row)
        for row in found.pop("Alternate Titles")
    )
    return found


def files_of(
    tables: Mapping[str, Grid], layout: str, version: str = "29.3"
) -> dict[str, bytes]:
    """Return the files of a release in a layout: text, csv, json or xlsx."""
    files = {"Read Me.txt": READ_ME.format(version=version, month="May 2025").encode()}
    for name, grid in tables.items():
        snake = name.lower().replace(",", "").replace(" ", "_")
        if layout == "text":
            files[f"{name}.txt"] = delimited(grid, "\t").encode()
        elif layout == "csv":
            files[f"{snake}.csv"] = delimited(grid).encode()
        elif layout == "json":
            files[f"{snake}.json"] = json.dumps({"row": objects(grid)}).encode()
        else:
            files[f"{name}.xlsx"] = excel_bytes(name, grid)
    return files


def excel_bytes(name: str, grid: Grid) -> bytes:
    """Return an Excel file of one sheet."""
    out = io.BytesIO()
    workbook(out, {name: grid})
    return out.getvalue()


def objects(grid: Grid) -> list[dict[str, Any]]:
    """Return a table as the JSON release has it."""
    keys = [
        str(name).replace("O*NET-SOC Code", "onetsoc_code").lower().replace(" ", "_")
        for name in grid[0]
    ]
    return [dict(zip(keys, row, strict=True)) for row in grid[1:]]


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def write_zip(path: Path, files: Mapping[str, bytes], inside: str = "") -> Path:
    """Write files into a zip, in a folder of it where one is named."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{inside}{name}", content)
    return path


def case_package(version: str = "1.1", items: int = 3) -> dict[str, Any]:
    """Return a package: one heading with the others below it, one with a scale."""
    identifiers = [f"00000000-0000-4000-8000-{number:012}" for number in range(items)]

    def link(identifier: str) -> dict[str, str]:
        uri = f"https://example.org/uri/{identifier}"
        return {"title": "x", "identifier": identifier, "uri": uri}

    document = {
        "identifier": "f0000000-0000-4000-8000-000000000000",
        "uri": "https://example.org/uri/f0",
        "creator": "Riverbend",
        "title": "Riverbend science",
        "subject": ["Science"],
        "lastChangeDateTime": "2026-08-01T10:00:00+00:00",
    }
    if version != "1.0":
        document["caseVersion"] = version
    return {
        "CFItems": [
            {
                "identifier": identifier,
                "uri": f"https://example.org/uri/{identifier}",
                "fullStatement": f"I can do part {number} of an experiment.",
                "humanCodingScheme": f"RB.{number}",
                "CFItemType": "Competency",
                "educationLevel": ["09", "10"],
                "lastChangeDateTime": "2026-08-01T10:00:00+00:00",
            }
            for number, identifier in enumerate(identifiers)
        ],
        "CFAssociations": [
            {
                "identifier": f"a{number}",
                "associationType": "isChildOf",
                "originNodeURI": link(identifier),
                "destinationNodeURI": link(identifiers[0]),
            }
            for number, identifier in enumerate(identifiers)
            if number
        ],
        "CFRubrics": [
            {
                "identifier": "r1",
                "CFRubricCriteria": [
                    {
                        "CFItemURI": link(identifiers[-1]),
                        "CFRubricCriterionLevels": [
                            {"position": 2, "quality": "Proficient", "score": 3},
                            {"position": 1, "quality": "Beginning", "score": 1.5},
                        ],
                    }
                ],
            }
        ],
        "CFDocument": document,
    }


def write(path: Path, text: str) -> Path:
    """Write a text file."""
    path.write_text(text, encoding="utf-8")
    return path


def write_case(folder: Path, package: Mapping[str, Any]) -> Path:
    """Write a package into a folder."""
    return write(folder / "framework.json", json.dumps(package))
