from datetime import date
from zoneinfo import ZoneInfo

import pytest

from pathways.formats import values

OHIO = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-05", date(2026, 10, 5)),
        ("2026-10-05T14:30:00Z", date(2026, 10, 5)),
        ("2026-10-06T02:30:00Z", date(2026, 10, 5)),
        ("2026-10-06 02:30:00 UTC", date(2026, 10, 5)),
        ("2026-10-05T23:30:00-04:00", date(2026, 10, 5)),
        ("2026-10-05 23:30", date(2026, 10, 5)),
        ("10/5/2026", date(2026, 10, 5)),
        ("10/05/26", date(2026, 10, 5)),
        ("10/5/2026 3:15 PM", date(2026, 10, 5)),
        ("10/5/2026, 15:15", date(2026, 10, 5)),
        ("Oct 5, 2026", date(2026, 10, 5)),
        ("", None),
        ("N/A", None),
    ],
)
def test_days_in_every_style_of_real_exports(text: str, expected: date | None) -> None:
    assert values.day(text, OHIO) == expected


@pytest.mark.parametrize("text", ["31/12/2026", "soon", "2026-02-30", "46000"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2026-10-05"):
        values.day(text, OHIO)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.0", 3.0),
        ("3", 3.0),
        (" 2.5 ", 2.5),
        ("85%", 85.0),
        ("N/A", None),
        ("", None),
    ],
)
def test_numbers_as_exports_write_them(text: str, expected: float | None) -> None:
    assert values.number(text) == expected


@pytest.mark.parametrize("text", ["three", "-1", "nan", "inf", "3,5"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write a number"):
        values.number(text)


def test_whole_numbers_and_flags() -> None:
    assert values.whole("2.0") == 2
    assert values.whole("") is None
    assert [values.flag(text) for text in ("1", "0.0", "Yes", "")] == [
        True,
        False,
        True,
        None,
    ]
    with pytest.raises(ValueError, match="whole"):
        values.whole("1.5")
    with pytest.raises(ValueError, match="1 or 0"):
        values.flag("maybe")
