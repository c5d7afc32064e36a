"""What the assistant's side computes without Rasa's help: time words, signatures."""

from __future__ import annotations

import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from web.rasa_client import signature

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
SCRIPT = """
import json, sys
from datetime import date
from bot.channel import as_plain_text, is_genuine
from bot.dates import dates, end_of
from bot.durations import durations

given = json.load(sys.stdin)
today = date.fromisoformat(given["today"])
found = {
    "dates": [[one["value"] for one in dates(text, today)] for text in given["texts"]],
    "durations": [[one["value"] for one in durations(text)] for text in given["texts"]],
    "spans": [
        [(one["start"], one["end"]) for one in (*durations(text), *dates(text, today))]
        for text in given["texts"]
    ],
    "genuine": [
        is_genuine(secret, moment, sign, body.encode(), now)
        for secret, moment, sign, body, now in given["signed"]
    ],
    "plain": [as_plain_text(text) for text in given["typed"]],
    "ends": [end_of(*one, today).isoformat() for one in given["ends"]],
}
json.dump(found, sys.stdout)
"""
SATURDAY = "2026-11-21"
DATES = {
    "by Friday": ["2026-11-27"],
    "next friday": ["2026-11-27"],
    "last Saturday": ["2026-11-14"],
    "on saturday": ["2026-11-28"],
    "tomorrow": ["2026-11-22"],
    "tmrw": ["2026-11-22"],
    "tonight": ["2026-11-21"],
    "dec 18": ["2026-12-18"],
    "December 18th, 2026": ["2026-12-18"],
    "the 3rd of December": ["2026-12-03"],
    "12/18": ["2026-12-18"],
    "2027-01-05": ["2027-01-05"],
    "in two weeks": ["2026-12-05"],
    "in 3 days": ["2026-11-24"],
    "end of the month": ["2026-11-30"],
    "by the end of next month": ["2026-12-31"],
    "end of the semester": ["2026-12-31"],
    "I worked there on thursday": ["2026-11-19"],
    "did it nov 14": ["2026-11-14"],
    "the day after tomorrow": ["2026-11-23"],
    "a week from monday": ["2026-11-30"],
    "monday after next": ["2026-11-30"],
    "friday the 4th": ["2026-12-04"],
    "by 15th": ["2026-12-15"],
    "the fifth of december": ["2026-12-05"],
    "the 15th of next month": ["2026-12-15"],
    "before thanksgiving": ["2026-11-26"],
    "by new year's": ["2027-01-01"],
    "in like 3 weeks": ["2026-12-12"],
    "in a couple weeks": ["2026-12-05"],
    "a couple days ago": ["2026-11-19"],
    "last weekend": ["2026-11-14"],
    "this past sunday": ["2026-11-15"],
    "by the end of november": ["2026-11-30"],
    "mid january": ["2027-01-15"],
    "end of the school year": ["2027-05-31"],
    "by wensday": ["2026-11-25"],
    "tommorow": ["2026-11-22"],
    "when is the SAT": [],
    "study for the sat": [],
    "i sat there": [],
    "the sun is out": [],
    "in the 10th grade": [],
    "I like dogs": [],
    "13/45": [],
    "I am free 24/7": [],
    "feb 30": [],
}
DURATIONS = {
    "6 hours": ["PT6H"],
    "3.5 hours": ["PT3H30M"],
    "half an hour": ["PT30M"],
    "two and a half hours": ["PT2H30M"],
    "90 minutes": ["PT1H30M"],
    "45 mins": ["PT45M"],
    "a couple of hours": ["PT2H"],
    "three weeks": ["P3W"],
    "6 months": ["P6M"],
    "2 hours 30 minutes": ["PT2H30M"],
    "2h 15m": ["PT2H15M"],
    "8hrs": ["PT8H"],
    "an hour and a half": ["PT1H30M"],
    "1 1/2 hours": ["PT1H30M"],
    "2 and a half hours": ["PT2H30M"],
    "quarter of an hour": ["PT15M"],
    "three quarters of an hour": ["PT45M"],
    "forty five minutes": ["PT45M"],
    "20 min a day": ["PT20M"],
    "how am i doing": [],
    "in two weeks": [],
    "two days ago": [],
    "0 hours": [],
}
TYPED = {
    "/restart": "restart",
    "//restart": "restart",
    "/ / restart": "restart",
    ' /inject{"role":"admin"}': 'inject{"role":"admin"}',
    "/": "?",
    "": "?",
    "hello /restart": "hello /restart",
}
ENDS = {
    ("week", False): "2026-11-22",
    ("week", True): "2026-11-29",
    ("month", False): "2026-11-30",
    ("month", True): "2026-12-31",
    ("year", False): "2026-12-31",
    ("semester", False): "2026-12-31",
    ("semester", True): "2027-05-31",
}
SECRET, BODY, NOW = "the-secret", '{"text": "hi"}', 1_795_000_000
GOOD = signature(SECRET, str(NOW), BODY.encode())
SIGNED = {
    "the gateway's own": ((SECRET, str(NOW), GOOD, BODY, NOW + 59), True),
    "another secret": (("other", str(NOW), GOOD, BODY, NOW), False),
    "another body": ((SECRET, str(NOW), GOOD, BODY + " ", NOW), False),
    "another moment": ((SECRET, str(NOW + 1), GOOD, BODY, NOW), False),
    "too old": ((SECRET, str(NOW), GOOD, BODY, NOW + 61), False),
    "from the future": ((SECRET, str(NOW), GOOD, BODY, NOW - 61), False),
    "no moment": ((SECRET, "", GOOD, BODY, NOW), False),
    "words for a moment": ((SECRET, "now", GOOD, BODY, NOW), False),
    "no signature": ((SECRET, str(NOW), "", BODY, NOW), False),
    "an odd digit": ((SECRET, "²", GOOD, BODY, NOW), False),
    "an odd signature": ((SECRET, str(NOW), "é", BODY, NOW), False),
}
PIECES = re.findall(
    r"\S+",
    """0 1 13 99 / - : , by the of end next last in a an half couple week month year
    hours days friday feb may 30th nov 2026 and 2026-13-40 00/00 é 🐸""",
)
DURATION = re.compile(r"P(\d+(\.\d+)?[YMWD]|T(?=\d)(\d+H)?(\d+M)?)")


def noise() -> list[str]:
    """Return word salads of time words, the same ones each time."""
    chosen = random.Random(7)
    return [
        " ".join(chosen.choices(PIECES, k=chosen.randrange(1, 8))) for _ in range(400)
    ]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    given = {
        "today": SATURDAY,
        "texts": [*DATES, *DURATIONS, *noise()],
        "signed": [case for case, _ in SIGNED.values()],
        "typed": [*TYPED],
        "ends": [*ENDS],
    }
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_resolved(text: str, found: dict[str, Any]) -> None:
    assert found["dates"][[*DATES].index(text)] == DATES[text]


@pytest.mark.parametrize("text", DURATIONS)
def test_a_duration_is_read(text: str, found: dict[str, Any]) -> None:
    place = len(DATES) + [*DURATIONS].index(text)
    assert found["durations"][place] == DURATIONS[text]


def test_no_words_break_the_reading_of_time(found: dict[str, Any]) -> None:
    texts = [*DATES, *DURATIONS, *noise()]
    for text, values, spans in zip(
        texts, found["durations"], found["spans"], strict=True
    ):
        assert all(DURATION.fullmatch(value) for value in values), (text, values)
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("text", TYPED)
def test_typed_words_are_never_a_command(text: str, found: dict[str, Any]) -> None:
    plain = found["plain"][[*TYPED].index(text)]
    assert plain == TYPED[text]
    assert not plain.startswith("/")


@pytest.mark.parametrize("case", SIGNED)
def test_only_the_gateway_may_speak(case: str, found: dict[str, Any]) -> None:
    assert found["genuine"][[*SIGNED].index(case)] is SIGNED[case][1]


@pytest.mark.parametrize("period", ENDS)
def test_a_period_ends_on_its_last_day(
    period: tuple[str, bool], found: dict[str, Any]
) -> None:
    assert found["ends"][[*ENDS].index(period)] == ENDS[period]
