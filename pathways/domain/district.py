"""What a district sets for itself; what it left blank stays None (O11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pathways.domain.retention import Retention

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-\d{2}$")]
Days = Annotated[int, Field(ge=1, le=366)]
Amount = Annotated[float, Field(ge=0, le=5000)]


class Strict(BaseModel):
    """Data that knows all of its fields; an unknown name is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Deadlines(Strict):
    """Days on which the district wants things, as month and day."""

    credit_flex_fall: MonthDay | None = None
    credit_flex_spring: MonthDay | None = None
    credit_flex_summer: MonthDay | None = None
    credit_flex_decision_days: Days | None = None
    credit_flex_resubmit_days: Days | None = None
    graduation_plan_update: MonthDay | None = None


class Approvers(Strict):
    """Who decides, in the district's words."""

    who_approves: Words | None = None
    who_awards: Words | None = None


class Appeal(Strict):
    """The way to ask again after a no."""

    to: Words | None = None
    days: Days | None = None
    form: Words | None = None


class Caps(Strict):
    """Limits that a district has set; state guidance says there is none in Ohio."""

    credits_per_year: Amount | None = None
    credits_total: Amount | None = None


class Grading(Strict):
    """How flexible credit is graded."""

    pass_fail: bool | None = None
    if_unfinished: Words | None = None
    retroactive_credit: bool | None = None


class FamilySignature(Strict):
    """Whether a family signs, before and from 18."""

    needed_under_18: bool | None = None
    needed_at_18: bool | None = None


class GraduationOverlay(Strict):
    """Units and local seals of the district."""

    units_total: Amount | None = None
    units_by_area: Mapping[str, Amount] | None = None
    community_service_hours: Amount | None = None
    fine_and_performing_arts_seal: Words | None = None
    student_engagement_seal: Words | None = None


class CountingTwice(Strict):
    """Whether the same hours may count in two buckets."""

    credit_and_work_hours: bool | None = None
    credit_and_seal: bool | None = None
    work_hours_and_seal: bool | None = None
    two_credits: bool | None = None
    two_seals: bool | None = None


class Athletics(Strict):
    """What the district says of flexible credit and school sports."""

    credit_flex_counts: bool | None = None
    contact: Words | None = None


class District(Strict):
    """What a district sets for itself; None: your counselor decides this.

    Attributes:
        sources: for a part of these rules, where the district has written it down.
    """

    hours_per_credit: Annotated[float, Field(gt=0, le=500)] | None = None
    form: Words | None = None
    deadlines: Deadlines = Deadlines()
    approvers: Approvers = Approvers()
    appeal: Appeal = Appeal()
    caps: Caps = Caps()
    grading: Grading = Grading()
    family_signature: FamilySignature = FamilySignature()
    graduation: GraduationOverlay = GraduationOverlay()
    counting_twice: CountingTwice = CountingTwice()
    athletics: Athletics = Athletics()
    retention: Retention = Retention()
    sources: Mapping[str, Words] = {}
