"""Coaching methods as state machines: order, completeness, fidelity (feature C8).

Steps, their order and what makes a talk faithful follow the methods' own texts:
SMART (Doran 1981), WOOP (Oettingen 2014, order fixed), GROW (Whitmore 1992, three
options at least before a choice), Gibbs (1988) and What? So what? Now what?
(Borton 1970; Rolfe 2001). The thresholds are the design's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pathways.domain.goal_quality import is_measurable, is_specific
from pathways.domain.goals import LOW_CONFIDENCE, confidence_of
from pathways.domain.lexicon import fold

Answers = Mapping[str, str]
Mark = Callable[[Answers], bool]
OPTIONS = ("tiny", "bold", "another")
IF_THEN = re.compile(
    r"\b(?:if|when|whenever|once|as soon as|every time|before|after)\b.{2,}?"
    r"(?:,|\bthen\b|\bi(?:'?ll| will| am going to|'?m gonna| can)?\b).*\w"
    r"|\b(?:si|cuando|cada vez que|en cuanto|antes de|despu[eé]s de)\b.{2,}?"
    r"(?:,|\bentonces\b|\bvoy a\b|\bpuedo\b).*\w",
    re.IGNORECASE | re.DOTALL,
)
OUTER = re.compile(
    r"^(?:my |the |a |our )?(?:(?:little|big|best|old|new) )?"
    r"(?:teachers?|mom|dad|parents?|boss|coach|bus|weather|school"
    r"|homework|class(?:es)?|friends?|brothers?|sisters?|wifi|work|job)\b(?! is mine)"
    r"|^(?:es que |que )?(?:mis?|el|la|los|las|nuestr[oa]s?) (?:maestr[oa]s?"
    r"|profes?or(?:a|es)?"
    r"|profe|mam[aá]|pap[aá]s?|jef[ea]|entrenador[a]?|cami[oó]n|autob[uú]s|clima|escuela|tarea"
    r"|clases?|amig[oa]s?|herman(?:o|a|os|as|itos?|itas?)|internet|trabajo|turno)\b",
    re.IGNORECASE,
)


class OutOfOrder(ValueError):
    """A step was answered before its turn, or is none of the method's."""


@dataclass(frozen=True)
class Method:
    """A coaching method.

    Attributes:
        name: its short name.
        steps: its steps in their fixed order.
        optional: steps that a student may leave out.
        marks: what makes a finished talk faithful, beyond its steps, by name.
        beside: what may be kept with a talk although it is no step of the method.
    """

    name: str
    steps: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fidelity:
    """How faithful a talk was to its method.

    Attributes:
        missing: steps without an answer, in order.
        unmet: names of marks that do not hold, in order.
        score: from 0 to 1, the share of steps answered and marks met.
    """

    missing: tuple[str, ...]
    unmet: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Talk:
    """A talk by a method: what was answered so far; each answer gives a new one."""

    method: Method
    answers: Answers = field(default_factory=dict)

    @property
    def next_step(self) -> str | None:
        """The step that is due; None once the talk is complete."""
        steps = self.method.steps
        return next((step for step in steps if step not in self.answers), None)

    @property
    def complete(self) -> bool:
        """Whether every step has its answer or was left out where that is allowed."""
        return self.next_step is None

    def answer(self, step: str, words: str) -> Talk:
        """Answer the step that is due, or change an earlier answer.

        Args:
            step: the step's name.
            words: the student's words; empty leaves an optional step out.

        Raises:
            OutOfOrder: the step is not due yet, is unknown, or can't be left out.
        """
        if step in self.method.beside:
            return replace(self, answers={**self.answers, step: words})
        if step != self.next_step and step not in self.answers:
            raise OutOfOrder(f"{step} is not due: {self.next_step} is")
        if not words.strip() and step not in self.method.optional:
            raise OutOfOrder(f"{step} can't be left out")
        return replace(self, answers={**self.answers, step: words})

    def fidelity(self) -> Fidelity:
        """Score the talk against its method."""
        method = self.method
        missing = tuple(
            step for step in method.steps if not self.answers.get(step, "").strip()
        )
        unmet = tuple(
            name for name, holds in method.marks.items() if not holds(self.answers)
        )
        whole = len(method.steps) + len(method.marks)
        return Fidelity(missing, unmet, 1 - (len(missing) + len(unmet)) / whole)


def talk_of(method: Method, answers: Answers) -> Talk:
    """Replay answers in the method's order, as far as they go.

    Raises:
        OutOfOrder: there is an answer after a gap, or one that may not be empty is.
    """
    talk = Talk(method)
    order = (*method.steps, *method.beside)
    for step in sorted(answers, key=order.index):
        talk = talk.answer(step, answers[step])
    return talk


def is_if_then(words: str) -> bool:
    """Tell whether a plan names a cue and an act: "if it is 8, then I will read"."""
    return bool(IF_THEN.search(words))


def is_inner(words: str) -> bool:
    """Tell whether an obstacle lies in oneself; one that names others does not."""
    return bool(words.strip()) and not OUTER.search(words.strip())


def _said(answers: Answers, step: str) -> str:
    return fold(answers.get(step, ""))


def _three_options(answers: Answers) -> bool:
    named = [_said(answers, step) for step in OPTIONS]
    return all(named) and len(set(named)) == len(OPTIONS)


def _chose_an_option(answers: Answers) -> bool:
    chosen = _said(answers, "choice")
    return bool(chosen) and chosen in {_said(answers, step) for step in OPTIONS}


def _dated(answers: Answers) -> bool:
    return bool(answers.get("day"))


def _shrunk_if_unsure(answers: Answers) -> bool:
    sure = (confidence_of(answers.get("confidence", "")) or 0) >= LOW_CONFIDENCE
    return sure or bool(answers.get("action"))


def _unsure(answers: Answers) -> bool:
    said = confidence_of(answers.get("confidence", ""))
    return said is not None and said < LOW_CONFIDENCE


SMART = Method(
    "smart",
    ("what", "measure", "why", "confidence", "due", "first_step"),
    frozenset({"why"}),
    {
        "specific": lambda said: is_specific(said.get("what", "")),
        "measurable": lambda said: is_measurable(
            f"{said.get('what', '')} {said.get('measure', '')}"
        ),
        "time_bound": lambda said: bool(said.get("due")),
    },
)
WOOP = Method(
    "woop",
    ("wish", "outcome", "obstacle", "plan"),
    frozenset({"outcome"}),
    {
        "inner_obstacle": lambda said: is_inner(said.get("obstacle", "")),
        "plan_differs": lambda said: (
            _said(said, "plan") not in ("", _said(said, "obstacle"))
        ),
    },
)
GROW = Method(
    "grow",
    ("goal", "reality", *OPTIONS, "choice", "day", "confidence"),
    frozenset(),
    {
        "three_options": _three_options,
        "chose_an_option": _chose_an_option,
        "dated": _dated,
        "shrunk_if_unsure": _shrunk_if_unsure,
    },
    frozenset({"action"}),
)
WHAT = Method("what", ("what", "so_what", "action"), frozenset({"so_what"}))
GIBBS = Method(
    "gibbs",
    ("what", "feelings", "good", "hard", "analysis", "conclusion", "action", "day"),
    frozenset({"feelings", "good", "hard", "analysis", "conclusion"}),
    {"dated": _dated},
)
PROJECT = Method(
    "project",
    ("idea", "question", "challenge", "find_out", "make", "evidence", "action", "day"),
    frozenset({"question", "find_out", "evidence"}),
    {"dated": _dated},
)
CHECKIN = Method(
    "checkin",
    (
        "mood",
        "promise_result",
        "evidence",
        "win",
        "area",
        "obstacle",
        "plan",
        "next_step",
        "confidence",
        "wants_person",
    ),
    frozenset(
        ["mood", "promise_result", "evidence", "win", "area", "obstacle", "plan"]
        + ["confidence", "wants_person"]
    ),
    {
        "plan_for_the_obstacle": lambda said: (
            not _said(said, "obstacle") or bool(_said(said, "plan"))
        ),
        "shrunk_if_unsure": lambda said: bool(said.get("smaller")) or not _unsure(said),
    },
    frozenset({"smaller"}),
)
METHODS = {one.name: one for one in (SMART, WOOP, GROW, WHAT, GIBBS, PROJECT, CHECKIN)}
