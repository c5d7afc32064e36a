"""Reads the written student cases and judges what the matcher offers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from pathways.demo.generate import STARTER
from pathways.domain.catalog import (
    Catalog,
    Course,
    CreditOption,
    Opportunity,
    catalog_of,
)
from pathways.domain.facts import CareerGoal, CourseState, InterestFact, StudentFacts
from pathways.domain.lexicon import lexicon_of
from pathways.domain.mastery import Attempt, Level, summarize
from pathways.domain.matching import rank
from pathways.domain.options import Option, OptionKind
from pathways.formats.catalog_csv import read_folder

HERE = Path(__file__).parent
TODAY = date(2026, 11, 21)
FIRST = 3


@dataclass(frozen=True)
class Verdict:
    """What the first three hold: codes, the right ones and the wrong ones."""

    shown: tuple[str, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def starter() -> Catalog:
    return catalog_of(1, [one.entry for one in read_folder(STARTER).placed])


def cases() -> list[dict[str, Any]]:
    found = []
    for path in sorted(HERE.glob("cases_*.yml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def facts_of(student: dict[str, Any], catalog: Catalog) -> StudentFacts:
    leads = {words: lexicon_of(catalog).leads(words) for words in _of(student, "likes")}
    return StudentFacts(
        grade=student.get("grade"),
        age=student.get("age"),
        mastery=summarize(
            Attempt(code, Level[word.upper()], _ago(30), "Unit check", "Canvas")
            for code, word in _of(student, "mastery").items()
        ),
        courses={
            **dict.fromkeys(student.get("finished", ()), CourseState.COMPLETED),
            **dict.fromkeys(student.get("taking", ()), CourseState.IN_PROGRESS),
        },
        interests=tuple(
            InterestFact(
                words,
                _ago(days),
                leads[words].clusters,
                leads[words].occupations,
                leads[words].riasec,
                leads[words].subjects,
            )
            for words, days in _of(student, "likes").items()
        ),
        careers=tuple(
            CareerGoal(
                code,
                catalog.occupations[code].title,
                catalog.occupations[code].cluster,
                _ago(days),
            )
            for code, days in _of(student, "aims").items()
        ),
    )


def _of(student: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(student.get(name) or {})


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def fits(option: Option, wanted: dict[str, Any], catalog: Catalog) -> bool:
    """Tell whether an option is one that a case speaks of."""
    entry = option.entry
    course = entry
    if isinstance(entry, CreditOption):
        course = catalog.courses[entry.course]
    holds = {
        "ids": lambda codes: entry.code in codes,
        "level": lambda level: isinstance(course, Course) and course.level == level,
        "subject": lambda it: isinstance(course, Course) and course.subject == it,
        "cluster": lambda it: it in getattr(course, "clusters", ())[:1],
        "sort": lambda it: isinstance(entry, Opportunity) and entry.sort == it,
    }
    return all(holds[key](value) for key, value in wanted.items() if key != "because")


def judge(case: dict[str, Any], catalog: Catalog) -> Verdict:
    kind = OptionKind(case["kind"]) if case["kind"] else None
    facts = facts_of(case["student"], catalog)
    items = rank(facts, catalog, TODAY, kind, FIRST).items

    def named(side: str) -> tuple[str, ...]:
        return tuple(
            one.entry.code
            for one in items
            if any(fits(one, wanted, catalog) for wanted in case[side])
        )

    shown = tuple(one.entry.code for one in items)
    return Verdict(shown, named("right"), named("wrong"))


def score() -> None:
    """Print what each case got, and the score of all."""
    catalog, found = starter(), [(one, judge(one, starter())) for one in cases()]
    for case, verdict in found:
        mark = "wrong " if verdict.wrong else "ok    " if verdict.right else "missed"
        print(mark, case["case"], *verdict.shown, "| wrong:", *verdict.wrong)
    right = sum(bool(verdict.right) for _, verdict in found)
    wrong = sum(bool(verdict.wrong) for _, verdict in found)
    print(f"catalog of {len(catalog.courses)} courses: right {right}, wrong {wrong}")


if __name__ == "__main__":
    score()
