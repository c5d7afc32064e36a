"""Plans, experiences, graduation items and district rules, within one school."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from pathways.store.credit_models import (
    CreditPlan,
    CreditPlanStep,
    DistrictPolicy,
    Experience,
    ExperienceShare,
    GraduationItem,
)
from pathways.store.repository import Repository, of_student

# Built once: what a turn asks of one student.
ITEMS = of_student(GraduationItem, GraduationItem.noted_at.desc())
DISTRICT = (
    select(DistrictPolicy)
    .where(DistrictPolicy.school_id == bindparam("school_id"))
    .order_by(DistrictPolicy.number.desc())
    .limit(1)
)


class CreditRepository(Repository):
    """Reads and writes what leads to credit."""

    def plan(self, school_id: str, plan_id: str) -> CreditPlan | None:
        """Return one plan of a school."""
        return self.one(
            select(CreditPlan).where(
                CreditPlan.id == plan_id, CreditPlan.school_id == school_id
            )
        )

    def plans(self, school_id: str, student_id: str) -> Sequence[CreditPlan]:
        """Return a student's plans, the newest first."""
        return self.all(
            select(CreditPlan)
            .where(
                CreditPlan.school_id == school_id, CreditPlan.student_id == student_id
            )
            .order_by(CreditPlan.made_at.desc())
        )

    def plans_in(self, school_id: str, states: Sequence[str]) -> Sequence[CreditPlan]:
        """Return a school's plans in some states, the longest waiting first."""
        return self.all(
            select(CreditPlan)
            .where(CreditPlan.school_id == school_id, CreditPlan.state.in_(states))
            .order_by(CreditPlan.since)
        )

    def steps(self, school_id: str, plan_id: str) -> Sequence[CreditPlanStep]:
        """Return the history of a plan, oldest first."""
        return self.all(
            select(CreditPlanStep)
            .where(
                CreditPlanStep.school_id == school_id, CreditPlanStep.plan_id == plan_id
            )
            .order_by(CreditPlanStep.place)
        )

    def experience(self, school_id: str, experience_id: str) -> Experience | None:
        """Return one experience of a school."""
        return self.one(
            select(Experience).where(
                Experience.id == experience_id, Experience.school_id == school_id
            )
        )

    def experiences(self, school_id: str, student_id: str) -> Sequence[Experience]:
        """Return a student's experiences with their corrections, newest first."""
        return self.all(
            select(Experience)
            .where(
                Experience.school_id == school_id, Experience.student_id == student_id
            )
            .order_by(Experience.last_day.desc(), Experience.logged_at.desc())
        )

    def shares(self, school_id: str, student_id: str) -> Sequence[ExperienceShare]:
        """Return where a student's hours count."""
        return self.all(
            select(ExperienceShare)
            .where(
                ExperienceShare.school_id == school_id,
                ExperienceShare.student_id == student_id,
            )
            .order_by(ExperienceShare.bucket, ExperienceShare.target)
        )

    def items(self, school_id: str, student_id: str) -> Sequence[GraduationItem]:
        """Return what was noted toward a student's graduation, newest first."""
        return self.prepared(ITEMS, school_id=school_id, student_id=student_id)

    def items_of_school(self, school_id: str) -> Sequence[GraduationItem]:
        """Return what was noted of all students of a school, newest first."""
        return self.all(
            select(GraduationItem)
            .where(GraduationItem.school_id == school_id)
            .order_by(GraduationItem.noted_at.desc())
        )

    def district_version(self, school_id: str, number: int) -> DistrictPolicy | None:
        """Return one version of what the district has set."""
        return self.one(
            select(DistrictPolicy).where(
                DistrictPolicy.school_id == school_id, DistrictPolicy.number == number
            )
        )

    def district_versions(self, school_id: str) -> Sequence[DistrictPolicy]:
        """Return every version of what the district has set, newest first."""
        return self.all(
            select(DistrictPolicy)
            .where(DistrictPolicy.school_id == school_id)
            .order_by(DistrictPolicy.number.desc())
        )

    def district(self, school_id: str) -> DistrictPolicy | None:
        """Return what the district has set, the newest version of it."""
        return self.first(DISTRICT, school_id=school_id)
