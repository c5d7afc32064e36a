"""Writes small OneRoster zips for tests."""

import csv
import io
import zipfile
from pathlib import Path

Rows = list[dict[str, str]]


def users_1_1() -> Rows:
    return [
        person("T1", "teacher", "ortiz", "Elena", "Ortiz"),
        person(
            "K1", "aide", "bell", "Joanne", "Bell", **{"metadata.role": "counselor"}
        ),
        person("A1", "administrator", "Admin", "Pat", "Lind"),
        person("F1", "guardian", "", "Denise", "Brooks"),
        person("S1", "student", "Maya", "Maya", "Brooks", grades="10", agents="F1"),
        person("S2", "student", "theo", "Theo", "Zhou", grades="09,10", agents="F9"),
        person("S3", "student", "kid", "Small", "Child", grades="06"),
    ]


def person(
    source_id: str,
    role: str,
    username: str,
    given: str,
    family: str,
    *,
    grades: str = "",
    agents: str = "",
    org: str = "O1",
    **more: str,
) -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "status": "",
        "enabledUser": "true",
        "orgSourcedIds": org,
        "role": role,
        "username": username,
        "givenName": given,
        "familyName": family,
        "agentSourcedIds": agents,
        "grades": grades,
        "password": "never-read",
        "metadata.role": "",
        **more,
    }


def base_tables() -> dict[str, Rows]:
    return {
        "manifest": [
            {"propertyName": "oneroster.version", "value": "1.1"},
            {"propertyName": "file.users", "value": "bulk"},
            {"propertyName": "file.enrollments", "value": "bulk"},
        ],
        "orgs": [
            {"sourcedId": "D", "name": "District", "type": "district"},
            {"sourcedId": "O1", "name": "Riverbend", "type": "school"},
        ],
        "users": users_1_1(),
        "demographics": [
            {"sourcedId": "S1", "birthDate": "2011-03-14", "sex": "female"},
        ],
        "courses": [
            {"sourcedId": "C1", "title": "Geometry", "courseCode": "mth-geo"},
            {"sourcedId": "C2", "title": "Math 7", "courseCode": "MS-7"},
            {"sourcedId": "C3", "title": "Advisory", "courseCode": ""},
        ],
        "classes": [
            {"sourcedId": "L1", "title": "Geometry P2", "courseSourcedId": "C1"},
            {"sourcedId": "L2", "title": "Math 7", "courseSourcedId": "C2"},
            {"sourcedId": "L3", "title": "10 ADVISORY", "courseSourcedId": "C3"},
        ],
        "enrollments": [
            enrollment("E1", "L1", "S1", "student"),
            enrollment("E2", "L3", "S1", "student"),
            enrollment("E3", "L3", "T1", "teacher"),
            enrollment("E4", "L1", "T1", "teacher"),
            enrollment("E5", "L2", "S2", "student"),
            enrollment("E6", "L1", "S2", "student", endDate="2026-10-01"),
        ],
    }


def enrollment(
    source_id: str, one: str, user: str, role: str, **more: str
) -> dict[str, str]:
    return {
        "sourcedId": source_id,
        "status": "",
        "classSourcedId": one,
        "userSourcedId": user,
        "role": role,
        "beginDate": "",
        "endDate": "",
        **more,
    }


def write_zip(path: Path, tables: dict[str, Rows]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            columns = list(dict.fromkeys(name for row in rows for name in row))
            writer = csv.DictWriter(text, columns)
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return path
