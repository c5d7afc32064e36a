"""Which courses the demo students take, grade by grade."""

from __future__ import annotations

from pathways.demo.people import Student

Ladder = dict[int, tuple[str, ...]]

CORE: Ladder = {
    8: ("CAR-EXPLORE",),
    9: ("ELA-1", "SOC-WHIST", "PED-1", "HLT-1"),
    10: ("ELA-2", "SOC-USHIST", "PED-2"),
    11: ("ELA-3", "SOC-GOV", "FIN-PERS"),
    12: ("ELA-4", "SOC-ECON", "GEN-CAP"),
}
MATH_AND_SCIENCE: dict[str, Ladder] = {
    "early": {
        8: ("MTH-ALG1",),
        9: ("MTH-GEO", "SCI-BIO"),
        10: ("MTH-ALG2", "SCI-CHEM"),
        11: ("MTH-PRECALC", "SCI-PHYS"),
        12: ("MTH-APCALC", "SCI-APBIO"),
    },
    "steady": {
        9: ("MTH-ALG1", "SCI-PHYSCI"),
        10: ("MTH-GEO", "SCI-BIO"),
        11: ("MTH-ALG2", "SCI-CHEM"),
        12: ("MTH-STAT", "SCI-ANAT"),
    },
    "gentle": {
        9: ("MTH-FOUND", "SCI-PHYSCI"),
        10: ("MTH-ALG1", "SCI-BIO"),
        11: ("MTH-GEO", "SCI-ENV"),
        12: ("MTH-QUANT", "SCI-EARTH"),
    },
}
TRACKS: dict[str, Ladder] = {
    "health": {
        9: ("CTE-HLTH1",),
        10: ("HLT-FIRSTAID",),
        11: ("CTE-NURSE",),
        12: ("SOC-PSYCH",),
    },
    "trades": {
        9: ("CTE-MFG1",),
        10: ("CTE-WELD1",),
        11: ("CTE-WELD2",),
        12: ("CTE-WBL",),
    },
    "tech": {
        9: ("TEC-CSP",),
        10: ("TEC-PYTHON",),
        11: ("TEC-CYBER",),
        12: ("TEC-APCSA",),
    },
    "arts": {9: ("ART-1",), 10: ("ART-DRAW",), 11: ("ART-PHOTO",), 12: ("ART-AP2D",)},
    "business": {
        9: ("BUS-INTRO",),
        10: ("BUS-MKTG",),
        11: ("BUS-ACCT",),
        12: ("BUS-ENTRE",),
    },
    "animals": {
        9: ("CTE-AG1",),
        10: ("CTE-GREEN",),
        11: ("CTE-VET",),
        12: ("CTE-WBL",),
    },
    "kitchen": {
        9: ("CTE-CUL1",),
        10: ("CTE-CUL2",),
        11: ("CTE-HOSP",),
        12: ("BUS-INTRO",),
    },
}
LANGUAGES: dict[str, Ladder] = {
    "spanish": {9: ("WLG-SPA1",), 10: ("WLG-SPA2",), 11: ("WLG-SPA3",)},
    "french": {9: ("WLG-FRE1",), 10: ("WLG-FRE2",)},
    "signing": {10: ("WLG-ASL1",), 11: ("WLG-ASL2",)},
    "": {},
}
COLLEGE = {12: ("ELA-CCPCOMP",)}


def courses_in(student: Student, grade: int) -> tuple[str, ...]:
    """Return the course codes a student takes at the school in a grade."""
    ladders = (
        CORE,
        MATH_AND_SCIENCE[student.pace],
        TRACKS[student.track],
        LANGUAGES[student.language],
    )
    return tuple(code for ladder in ladders for code in ladder.get(grade, ()))


def running(student: Student) -> tuple[str, ...]:
    """Return the courses a student is enrolled in this year."""
    return courses_in(student, student.grade)


def completed(student: Student) -> tuple[tuple[int, str], ...]:
    """Return (grade, course) for each course of the years before."""
    return tuple(
        (grade, code)
        for grade in range(8, student.grade)
        for code in courses_in(student, grade)
    )


def at_college(student: Student) -> tuple[str, ...]:
    """Return running courses that a college teaches: no class here has them."""
    return COLLEGE.get(student.grade, ()) if student.pace == "early" else ()
