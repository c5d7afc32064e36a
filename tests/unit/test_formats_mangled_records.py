"""Readers of files from outside never crash: they read, reject or refuse.

The variable MANGLED_FILES sets how many files each reader gets; 150 if not set.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from credentials import badge, record, signed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oneroster_files import base_tables, write_zip

from pathways.formats.canvas import stream_canvas
from pathways.formats.canvas_outcomes import read_outcomes
from pathways.formats.course_history import read_course_history
from pathways.formats.credentials import stream_badges, stream_clr
from pathways.formats.mastery import Given, gathered
from pathways.formats.mastery_csv import stream_mastery_csv
from pathways.formats.oneroster import open_oneroster, read_people
from pathways.formats.oneroster_results import stream_oneroster
from pathways.formats.problems import FormatError

FILES = int(os.environ.get("MANGLED_FILES", "150"))
OHIO = ZoneInfo("America/New_York")
GIVEN = Given(OHIO, datetime(2026, 11, 21, tzinfo=UTC), people=("S1",))
PLAIN = b"student_id,competency,level,date,assessment\nS1,SCI.INQ,3,2026-10-05,Lab\n"
CANVAS = (
    b"student sis id,assignment title,submission date,learning outcome name,"
    b"attempt,outcome score,learning outcome mastery score\n"
    b'S1,"Lab, 1",2026-10-05T02:30:00Z,SCI.INQ,1,3,3\n'
)
OUTCOMES = (
    b"vendor_guid,object_type,title,calculation_method,calculation_int\n"
    b"x,outcome,SCI.INQ,n_mastery,3,4,Exceeds,3,Mastery\n"
)
GRADES = {
    "lineItems": [{"sourcedId": "L", "title": "Lab", "resultValueMax": "4"}],
    "results": [
        {
            "sourcedId": "R",
            "lineItemSourcedId": "L",
            "studentSourcedId": "S1",
            "score": "3",
            "scoreDate": "2026-10-05",
        }
    ],
    "resultLearningObjectiveIds": [
        {"sourcedId": "x", "resultSourcedId": "R", "learningObjectiveId": "SCI.INQ"}
    ],
}
Seed = Callable[[Path], bytes]
Read = Callable[[Path], object]
READERS: dict[str, tuple[str, Seed, Read]] = {
    "csv": (
        "a.csv",
        lambda folder: PLAIN,
        lambda path: gathered(stream_mastery_csv(path, OHIO)),
    ),
    "canvas": (
        "a.csv",
        lambda folder: CANVAS,
        lambda path: gathered(stream_canvas(path, OHIO)),
    ),
    "outcomes": ("a.csv", lambda folder: OUTCOMES, read_outcomes),
    "courses": (
        "a.csv",
        lambda folder: b"student_id;course;state\nS1;MTH-GEO;completed\n",
        read_course_history,
    ),
    "people": (
        "a.zip",
        lambda folder: write_zip(folder / "seed.zip", base_tables()).read_bytes(),
        lambda path: read_people(open_oneroster(path), "riverbend"),
    ),
    "oneroster": (
        "a.zip",
        lambda folder: write_zip(folder / "seed.zip", GRADES).read_bytes(),
        lambda path: gathered(stream_oneroster(path, GIVEN)),
    ),
    "openbadges": (
        "a.json",
        lambda folder: json.dumps(badge()).encode(),
        lambda path: gathered(stream_badges(path, GIVEN)),
    ),
    "clr": (
        "a.json",
        lambda folder: json.dumps(record(badge())).encode(),
        lambda path: gathered(stream_clr(path, GIVEN)),
    ),
    "jwt": (
        "a.jwt",
        lambda folder: b"eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4IiwidmMiOnt9fQ.AAAA",
        lambda path: gathered(stream_badges(path, GIVEN)),
    ),
    "signed": (
        "a.json",
        lambda folder: json.dumps(signed(badge())).encode(),
        lambda path: gathered(stream_badges(path, GIVEN)),
    ),
}
BYTES = st.binary(max_size=4) | st.sampled_from(
    [b",", b'"', b"\n", b"=1", b"\xff", b"\0", b"{", b"]", b"null", b"1e999", b"[]"]
)
EDITS = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.integers(0, 6), BYTES),
    min_size=1,
    max_size=5,
)


def mangled(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes with parts cut out, replaced or put in."""
    for place, cut, new in edits:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + cut :]
    return data


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", READERS)
@settings(
    max_examples=FILES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=EDITS)
def test_a_mangled_file_never_crashes_a_reader(
    kind: str, edits: list[tuple[int, int, bytes]], tmp_path: Path
) -> None:
    name, seed, read = READERS[kind]
    path = tmp_path / name
    path.write_bytes(mangled(seed(tmp_path), edits))

    try:
        read(path)
    except FormatError as error:
        assert str(error).startswith((name, "users.csv", *base_tables(), *GRADES))


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def paths_of(
    part: object, way: tuple[str | int, ...] = ()
) -> list[tuple[str | int, ...]]:
    """Return the way to every member of a document."""
    pairs: list[tuple[str | int, object]] = []
    if isinstance(part, dict):
        pairs = list(part.items())
    elif isinstance(part, list):
        pairs = list(enumerate(part))
    found = [(*way, key) for key, _ in pairs]
    return found + [one for key, inner in pairs for one in paths_of(inner, (*way, key))]


@settings(
    max_examples=FILES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), new=TREES, is_clr=st.booleans())
def test_any_member_may_be_anything(
    data: st.DataObject, new: object, is_clr: bool, tmp_path: Path
) -> None:
    body = record(badge()) if is_clr else badge()
    *way, last = data.draw(st.sampled_from(paths_of(body)))
    part = json.loads(json.dumps(body))
    whole = part
    for name in way:
        part = part[name]
    part[last] = new
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whole))

    reading = gathered((stream_clr if is_clr else stream_badges)(path, GIVEN))

    assert len(reading.results) + len(reading.rejected) + reading.skipped >= 1
