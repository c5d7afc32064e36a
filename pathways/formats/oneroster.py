"""OneRoster 1.1 and 1.2 CSV zips: people and who looks after whom.

Of demographics.csv only the birth date is read; everything protected stays
unread (features E3, O12). Passwords are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path

from pathways.formats import values
from pathways.formats.report import RowError
from pathways.formats.tables import FormatError, Row, Table, Unreadable
from pathways.formats.zips import tables_in

GRADES = range(7, 13)
LONGEST_NAME = 200
LONGEST_ID = 80
GONE = "tobedeleted"
ROLES = {
    "student": "student",
    "teacher": "advisor",
    "counselor": "counselor",
    "parent": "family",
    "guardian": "family",
    "relative": "family",
    "administrator": "admin",
    "principal": "admin",
    "siteadministrator": "admin",
    "systemadministrator": "admin",
    "districtadministrator": "admin",
}


@dataclass(frozen=True)
class RosterPerson:
    """A person as the school's own system knows them; `role` is Milepost's.

    `consent`: given or withdrawn, by family or school, and the day, as written in the
    school's own columns `metadata.consent`, `.consentBy`, `.consentDate`; the format
    itself has none.
    """

    row: Row
    source_id: str
    role: str
    username: str
    given_name: str
    family_name: str
    grade: int | None
    born: date | None
    active: bool
    agents: tuple[str, ...]
    consent: tuple[str, str, str] | None = None


@dataclass
class Roster:
    """What a OneRoster zip holds for one school.

    Attributes:
        others: people of the zip who are of no concern here, by sourcedId.
        complete: False when the zip holds changes only (delta).
    """

    people: dict[str, RosterPerson] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    rejected: list[RowError] = field(default_factory=list)
    read: int = 0
    skipped: int = 0
    complete: bool = True

    def families(self) -> Iterator[tuple[str, str]]:
        """Yield (adult, student) for each tie between a family and a student."""
        for person in self.people.values():
            for agent in person.agents:
                pair = (self.people.get(agent), person)
                for adult, student in (pair, pair[::-1]):
                    if adult and student and _tie(adult, student):
                        yield adult.source_id, student.source_id


def _tie(adult: RosterPerson, student: RosterPerson) -> bool:
    return adult.role == "family" and student.role == "student"


def open_oneroster(path: Path) -> Mapping[str, Table]:
    """Return the tables of a OneRoster zip.

    Raises:
        FormatError: it is not a OneRoster zip, or can't be opened.
    """
    tables = tables_in(path)
    if "users.csv" not in tables:
        raise FormatError(f"{path.name}: there is no users.csv. Is it OneRoster?")
    tables["users.csv"].need(("sourcedId", "username", "givenName", "familyName"))
    return tables


def read_people(tables: Mapping[str, Table], school_code: str) -> Roster:
    """Read the people of one school from the tables of a zip.

    Raises:
        FormatError: several schools are in the zip and none has this code.
    """
    roster = Roster(complete=_is_complete(tables))
    org = _org(tables, school_code)
    born = _birth_dates(tables, roster)
    roles = _roles(tables, org, roster)
    usernames: dict[str, int] = {}
    for row in tables["users.csv"].rows(roster.rejected):
        roster.read += 1
        source_id = row.get("sourcedid")
        role = roles.get(source_id) if roles is not None else _role_1_1(row, org)
        if role is None:
            roster.others.add(source_id)
            roster.skipped += 1
            continue
        try:
            person = _person(row, role, born.get(source_id))
        except Unreadable as error:
            roster.others.add(source_id)
            roster.rejected.append(row.refused(error))
            continue
        if person is None:
            roster.others.add(source_id)
            roster.skipped += 1
        elif source_id in roster.people:
            first = roster.people[source_id].row.line
            reason = f"line {first} has the same id"
            roster.rejected.append(row.error("sourcedId", reason))
        elif usernames.setdefault(person.username, row.line) != row.line:
            reason = f"line {usernames[person.username]} has the same user name"
            roster.rejected.append(row.error("username", reason))
        else:
            roster.people[source_id] = person
    return roster


def _is_complete(tables: Mapping[str, Table]) -> bool:
    manifest = manifest_of(tables)
    parts = ("file.users", "file.enrollments", "file.roles")
    return all(manifest.get(part) != "delta" for part in parts)


def manifest_of(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return the manifest's properties; empty where there is none."""
    table = tables.get("manifest.csv")
    if table is None:
        return {}
    return {row.get("propertyname"): row.get("value") for row in table.rows([])}


def _org(tables: Mapping[str, Table], school_code: str) -> str | None:
    """Return the sourcedId of the school; None where the zip names none."""
    table = tables.get("orgs.csv")
    rows = list(table.rows([])) if table else []
    schools = [row for row in rows if row.get("type").casefold() == "school"]
    if len(schools) <= 1:
        return schools[0].get("sourcedid") if schools else None
    wanted = school_code.casefold()
    for row in schools:
        names = (row.get("identifier"), row.get("sourcedid"), row.get("name"))
        if wanted in (name.casefold() for name in names):
            return row.get("sourcedid")
    known = ", ".join(f"{row.get('identifier')} {row.get('name')}" for row in schools)
    raise FormatError(
        f"orgs.csv: no school has the identifier {school_code}. Found: {known}."
    )


def _birth_dates(tables: Mapping[str, Table], roster: Roster) -> dict[str, date]:
    table = tables.get("demographics.csv")
    found: dict[str, date] = {}
    for row in table.rows(roster.rejected) if table else ():
        try:
            born = values.day(row.get("birthdate"), UTC)
        except ValueError as error:
            roster.rejected.append(row.error("birthDate", str(error)))
            continue
        if born is not None:
            found[row.get("sourcedid")] = born
    return found


def _roles(
    tables: Mapping[str, Table], org: str | None, roster: Roster
) -> dict[str, str] | None:
    """Return each person's role from roles.csv (1.2); None where it is 1.1."""
    table = tables.get("roles.csv")
    if table is None:
        return None
    table.need(("userSourcedId", "role", "orgSourcedId"))
    found: dict[str, str] = {}
    primary: set[str] = set()
    for row in table.rows(roster.rejected):
        role = ROLES.get(row.get("role").casefold())
        person = row.get("usersourcedid")
        here = org is None or row.get("orgsourcedid") == org
        if role is None or not here or is_gone(row) or person in primary:
            continue
        if row.get("roletype").casefold() == "primary":
            primary.add(person)
            found[person] = role
        else:
            found.setdefault(person, role)
    return found


def _role_1_1(row: Row, org: str | None) -> str | None:
    """Return the role in users.csv; 1.1 knows no counselor, so metadata may say it."""
    orgs = listed(row.get("orgsourcedids"))
    if org is not None and orgs and org not in orgs:
        return None
    word = row.get("metadata.role", "role").casefold()
    return ROLES.get(word) or ROLES.get(row.get("role").casefold())


def _person(row: Row, role: str, born: date | None) -> RosterPerson | None:
    """Return the person; None for a student outside the grades of Milepost."""
    active = not is_gone(row) and row.get("enableduser").casefold() != "false"
    grade = _grade(row) if role == "student" and active else None
    if grade is not None and grade not in GRADES:
        return None
    source_id = _needed(row, "sourcedId", LONGEST_ID)
    username = row.get("username") or source_id
    if len(username) > LONGEST_ID:
        raise Unreadable("username", f"write at most {LONGEST_ID} characters")
    return RosterPerson(
        row=row,
        source_id=source_id,
        role=role,
        username=username.casefold(),
        given_name=row.get("preferredgivenname")
        or _needed(row, "givenName", LONGEST_NAME),
        family_name=_needed(row, "familyName", LONGEST_NAME),
        grade=grade,
        born=born,
        active=active,
        agents=listed(row.get("agentsourcedids")),
        consent=_consent(row) if role == "student" else None,
    )


def _consent(row: Row) -> tuple[str, str, str] | None:
    names = ("metadata.consent", "metadata.consentby", "metadata.consentdate")
    state, given_by, dated = (row.get(name).casefold() for name in names)
    return (state, given_by, dated) if state else None


def _grade(row: Row) -> int | None:
    """Return the highest grade listed; words such as KG count as below 7."""
    grades = listed(row.get("grades"))
    numbers = [int(word) for word in grades if word.isdecimal()]
    if numbers:
        return max(numbers)
    return 0 if grades else None


def _needed(row: Row, column: str, longest: int) -> str:
    text = row.get(column.casefold())
    if not text:
        raise Unreadable(column, "this cell is needed")
    if len(text) > longest:
        raise Unreadable(column, f"write at most {longest} characters")
    return text


def listed(cell: str) -> tuple[str, ...]:
    """Split a OneRoster list: ids with commas between them."""
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def is_gone(row: Row) -> bool:
    """Tell whether the school's system has taken the row out."""
    return row.get("status").casefold() == GONE
