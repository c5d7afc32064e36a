"""A student's record: goals, check-ins, interests, results, choices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from pathways.store.import_models import MasteryRule
from pathways.store.meeting_models import Meeting
from pathways.store.models import (
    Checkin,
    Choice,
    CoachingTalk,
    CourseTaken,
    Goal,
    GoalChange,
    GoalProgress,
    Interest,
    MasteryResult,
    Reminder,
    Suggestion,
)
from pathways.store.reach_models import Availability
from pathways.store.repository import Repository, of_student

CREDIT_WAYS = "credit_ways"
"""The kind of a logged list of ways to a credit; nobody picks "the second one"."""
# Built once: what a turn asks of one student.
GOALS = of_student(Goal, Goal.set_at.desc())
CHECKINS = of_student(Checkin, Checkin.done_at.desc())
TALKS = of_student(CoachingTalk, CoachingTalk.done_at.desc())
MEETINGS = of_student(Meeting, Meeting.met_at.desc())
REMINDERS = of_student(Reminder, Reminder.day, Reminder.asked_at).where(
    Reminder.stopped_at.is_(None)
)
INTERESTS = of_student(Interest, Interest.said_at.desc())
RESULTS = of_student(MasteryResult, MasteryResult.earned_on, MasteryResult.attempt)
COURSES = of_student(CourseTaken, CourseTaken.course)
CHOICES = of_student(Choice, Choice.decided_at.desc())
AVAILABILITY = of_student(Availability)
MASTERY_RULES = select(MasteryRule).where(
    MasteryRule.school_id == bindparam("school_id")
)


class RecordRepository(Repository):
    """Reads and writes what belongs to one student."""

    def goals(self, school_id: str, student_id: str) -> Sequence[Goal]:
        """Return a student's goals, newest first."""
        return self.prepared(GOALS, school_id=school_id, student_id=student_id)

    def goal(self, school_id: str, student_id: str, goal_id: str) -> Goal | None:
        """Return one goal of a student."""
        return self.one(
            select(Goal).where(
                Goal.id == goal_id,
                Goal.school_id == school_id,
                Goal.student_id == student_id,
            )
        )

    def progress(self, school_id: str, goal_id: str) -> Sequence[GoalProgress]:
        """Return what was reported about a goal, newest first."""
        return self.all(
            select(GoalProgress)
            .where(GoalProgress.school_id == school_id, GoalProgress.goal_id == goal_id)
            .order_by(GoalProgress.reported_at.desc())
        )

    def goal_changes(self, school_id: str, goal_id: str) -> Sequence[GoalChange]:
        """Return what was changed about a goal, newest first."""
        return self.all(
            select(GoalChange)
            .where(GoalChange.school_id == school_id, GoalChange.goal_id == goal_id)
            .order_by(GoalChange.changed_at.desc())
        )

    def checkins(self, school_id: str, student_id: str) -> Sequence[Checkin]:
        """Return a student's check-ins, newest first."""
        return self.prepared(CHECKINS, school_id=school_id, student_id=student_id)

    def goals_heard_of(
        self, school_id: str, student_ids: Sequence[str]
    ) -> list[tuple[str, datetime]]:
        """Return (student, when last set or reported on) of each goal that goes on."""
        found = self.session.execute(
            select(Goal.student_id, Goal.set_at, func.max(GoalProgress.reported_at))
            .outerjoin(GoalProgress, GoalProgress.goal_id == Goal.id)
            .where(
                Goal.school_id == school_id,
                Goal.student_id.in_(student_ids),
                or_(Goal.status.is_(None), Goal.status == "active"),
            )
            .group_by(Goal.id, Goal.student_id, Goal.set_at)
        )
        return [
            (student, max(set_at, told or set_at)) for student, set_at, told in found
        ]

    def newest_checkins(
        self, school_id: str, student_ids: Sequence[str]
    ) -> list[tuple[str, datetime]]:
        """Return (student, when they last checked in); nobody who never did."""
        found = self.session.execute(
            select(Checkin.student_id, func.max(Checkin.done_at))
            .where(Checkin.school_id == school_id, Checkin.student_id.in_(student_ids))
            .group_by(Checkin.student_id)
        )
        return [(student, done_at) for student, done_at in found]

    def talks(self, school_id: str, student_id: str) -> Sequence[CoachingTalk]:
        """Return a student's finished coaching talks, newest first."""
        return self.prepared(TALKS, school_id=school_id, student_id=student_id)

    def meetings(self, school_id: str, student_id: str) -> Sequence[Meeting]:
        """Return what came of a student's meetings, newest first."""
        return self.prepared(MEETINGS, school_id=school_id, student_id=student_id)

    def reminders(self, school_id: str, student_id: str) -> Sequence[Reminder]:
        """Return a student's reminders that were not stopped, the soonest first."""
        return self.prepared(REMINDERS, school_id=school_id, student_id=student_id)

    def interests(self, school_id: str, student_id: str) -> Sequence[Interest]:
        """Return what a student likes and aims for, newest first."""
        return self.prepared(INTERESTS, school_id=school_id, student_id=student_id)

    def results(self, school_id: str, student_id: str) -> Sequence[MasteryResult]:
        """Return a student's results, oldest first."""
        return self.prepared(RESULTS, school_id=school_id, student_id=student_id)

    def mastery_rules(self, school_id: str) -> Sequence[MasteryRule]:
        """Return how a school counts several attempts, where it says so."""
        return self.prepared(MASTERY_RULES, school_id=school_id)

    def courses(self, school_id: str, student_id: str) -> Sequence[CourseTaken]:
        """Return the courses of a student's record."""
        return self.prepared(COURSES, school_id=school_id, student_id=student_id)

    def choices(self, school_id: str, student_id: str) -> Sequence[Choice]:
        """Return what a student saved or turned down, newest first."""
        return self.prepared(CHOICES, school_id=school_id, student_id=student_id)

    def availability(self, school_id: str, student_id: str) -> Sequence[Availability]:
        """Return what a student said of their hours and places, one row at most."""
        return self.prepared(AVAILABILITY, school_id=school_id, student_id=student_id)

    def suggestion(self, suggestion_id: str) -> Suggestion | None:
        """Return one logged suggestion, of whatever school."""
        return self.one(select(Suggestion).where(Suggestion.id == suggestion_id))

    def last_suggestion(self, school_id: str, student_id: str) -> Suggestion | None:
        """Return the options suggested to a student most recently."""
        return self.one(
            select(Suggestion)
            .where(
                Suggestion.school_id == school_id,
                Suggestion.student_id == student_id,
                Suggestion.kind != CREDIT_WAYS,
            )
            .order_by(Suggestion.suggested_at.desc())
        )
