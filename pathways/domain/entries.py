"""The kinds of catalog entry.

Each class is one kind of entry and one file of the catalog folder; its fields
are the columns, in order.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from pathways.domain.cells import (
    MaybeDate,
    MaybeFlag,
    MaybeFloat,
    MaybeInt,
    Numbers,
    Words,
)
from pathways.domain.prerequisites import Rule, parse

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
EntryCode = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[\w .,'/&+-]+$"
    ),
]
SOC = re.compile(r"^\d{2}-\d{4}$")


class Status(StrEnum):
    """Whether students hear of an entry."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Entry(BaseModel):
    """What every kind of entry has: a code, a title, and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]
    file: ClassVar[str]
    code: EntryCode
    title: Name
    source: Name = "school"
    as_of: MaybeDate = None
    review_by: MaybeDate = None
    status: Status = Status.ACTIVE

    @property
    def name(self) -> str:
        """What the coach calls it."""
        return self.title


class Titled(Entry):
    """An entry whose title a school may keep in Spanish too; empty: in English only."""

    title_es: Title = ""


class Described(Titled):
    """An entry with one to three sentences for students, in one language or two."""

    description: Text = ""
    description_es: Text = ""


class Cluster(Described):
    """One of the 14 career clusters."""

    kind = "cluster"
    file = "clusters.csv"
    everyday_names: Words = ()


class Competency(Titled):
    """Something a student can show they know or can do."""

    kind = "competency"
    file = "competencies.csv"
    statement: Text
    subject: Name
    category: Literal[
        "content_knowledge",
        "cognitive_skills",
        "habits_of_success",
        "real_life_experiences",
    ]
    everyday_names: Words = ()


class Course(Described):
    """A course of the school; `credits` in Carnegie units."""

    kind = "course"
    file = "courses.csv"
    sced_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
    subject: Name
    credits: Annotated[float, Field(ge=0, le=5)]
    level: Literal["foundational", "core", "advanced", "college"]
    grades: Numbers = ()
    prerequisites: Text = ""
    competencies_taught: Words = ()
    competencies_needed: Words = ()
    clusters: Words = ()
    terms: Words = ()
    seats: MaybeInt = None
    everyday_names: Words = ()

    @field_validator("prerequisites")
    @classmethod
    def _readable(cls, text: str) -> str:
        parse(text)
        return text

    @cached_property
    def rule(self) -> Rule:
        """The prerequisites as a rule over course codes."""
        return parse(self.prerequisites)


class Program(Described):
    """A pathway of the school: courses in order, toward occupations."""

    kind = "program"
    file = "programs.csv"
    cluster: Name
    courses: Words = ()
    occupations: Words = ()
    credentials: Words = ()
    everyday_names: Words = ()


class Occupation(Described):
    """An occupation; its code is the SOC code, pay in dollars a year."""

    kind = "occupation"
    file = "occupations.csv"
    everyday_names: Words = ()
    cluster: Name
    description: Text
    a_day: Text = ""
    schooling: Text = ""
    median_pay_us: MaybeInt = None
    median_pay_ohio: MaybeInt = None
    pay_note: Text = ""
    pay_source: Text = ""
    pay_as_of: Text = ""
    outlook_percent: MaybeFloat = None
    outlook_words: Text = ""
    outlook_source: Text = ""
    interests: Words = ()
    interest_words: Words = ()
    subjects: Words = ()
    related: Words = ()

    @field_validator("code")
    @classmethod
    def _is_soc(cls, code: str) -> str:
        if not SOC.match(code):
            raise ValueError("write a SOC code like 29-1141")
        return code


class Opportunity(Described):
    """An internship, service or other experience outside class; hours as given."""

    kind = "opportunity"
    file = "opportunities.csv"
    sort: Literal[
        "internship",
        "apprenticeship",
        "job_shadow",
        "service",
        "competition",
        "mentor",
        "online_course",
        "travel",
        "summer_program",
    ] = Field(alias="kind")
    organization: Name
    clusters: Words = ()
    occupations: Words = ()
    interest_words: Words = ()
    competencies: Words = ()
    age_min: MaybeInt = None
    age_max: MaybeInt = None
    grades: Numbers = ()
    place: Text = ""
    remote: MaybeFlag = None
    hours_total: MaybeFloat = None
    hours_per_week: MaybeFloat = None
    schedule: Text = ""
    starts: MaybeDate = None
    ends: MaybeDate = None
    apply_by: MaybeDate = None
    cost: Text = ""
    requirements: Text = ""
    safety_checks: MaybeFlag = None
    contact: Text = ""


class CreditOption(Described):
    """A way to earn a course's credit outside its class hours."""

    kind = "credit_option"
    file = "credit_options.csv"
    way: Literal[
        "test_out",
        "internship",
        "service",
        "online",
        "travel",
        "independent_study",
        "job",
    ]
    course: EntryCode
    credits: Annotated[float, Field(gt=0, le=5)]
    competencies: Words = ()
    opportunities: Words = ()
    hours: MaybeFloat = None
    evidence: Text = ""
    overseer: Text = ""
    cost: Text = ""
    policy_rule: Text = ""


class Phrase(Entry):
    """Students' own words for a field, an interest, a career or a skill."""

    kind = "phrase"
    file = "lexicon.csv"
    sort: Literal["interest", "field", "career", "skill"] = Field(alias="kind")
    riasec: Words = ()
    clusters: Words = ()
    occupations: Words = ()
    subjects: Words = ()


class Credential(Described):
    """What a student can earn beside credit; `points` count toward the state seal."""

    kind = "credential"
    file = "credentials.csv"
    organization: Name
    clusters: Words = ()
    courses: Words = ()
    points: MaybeInt = None
    requirements: Text = ""
    everyday_names: Words = ()


class Seal(Described):
    """A seal on the diploma; its policy rule says what it takes."""

    kind = "seal"
    file = "seals.csv"
    defined_by: Literal["state", "local"]
    courses: Words = ()
    policy_rule: Text = ""
    everyday_names: Words = ()
