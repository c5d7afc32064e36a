"""Duty lists, notices to staff, and incident records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select, update

from pathways.store.alert_models import AlertNotice, DutyMember, DutyPlan, IncidentNote
from pathways.store.models import Alert
from pathways.store.repository import Repository


class AlertRepository(Repository):
    """Reads and writes who is on duty and what they were told."""

    def duty_plan(self, school_id: str) -> DutyPlan | None:
        """Return a school's duty hours."""
        return self.one(select(DutyPlan).where(DutyPlan.school_id == school_id))

    def duty_members(self, school_id: str) -> Sequence[DutyMember]:
        """Return a school's duty list in its order."""
        return self.all(
            select(DutyMember)
            .where(DutyMember.school_id == school_id)
            .order_by(DutyMember.place)
        )

    def clear_duty(self, school_id: str) -> None:
        """Take everybody off a school's duty list."""
        self.session.execute(
            delete(DutyMember).where(DutyMember.school_id == school_id)
        )

    def open_alerts(self) -> Sequence[Alert]:
        """Return every alert that nobody took on, the oldest first."""
        return self.all(
            select(Alert)
            .where(Alert.acknowledged_at.is_(None))
            .order_by(Alert.raised_at)
        )

    def alert(self, alert_id: str) -> Alert | None:
        """Return an alert of any school, for the clock."""
        return self.session.get(Alert, alert_id)

    def taken_by(self, school_id: str, person_id: str) -> frozenset[str]:
        """Return ids of the alerts that someone took on."""
        query = select(Alert.id).where(
            Alert.school_id == school_id, Alert.acknowledged_by == person_id
        )
        return frozenset(self.session.scalars(query))

    def notices(self, alert_id: str) -> Sequence[AlertNotice]:
        """Return the notices of an alert, the earliest first."""
        return self.all(
            select(AlertNotice)
            .where(AlertNotice.alert_id == alert_id)
            .order_by(AlertNotice.due_at, AlertNotice.step, AlertNotice.channel)
        )

    def steps_of(self, alert_ids: Sequence[str]) -> dict[str, set[str]]:
        """Return which steps of each alert were written down."""
        query = select(AlertNotice.alert_id, AlertNotice.step).where(
            AlertNotice.alert_id.in_(alert_ids)
        )
        found: dict[str, set[str]] = {}
        for alert_id, step in self.session.execute(query.distinct()):
            found.setdefault(alert_id, set()).add(step)
        return found

    def waiting(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of notices that may be sent now, the earliest first."""
        query = (
            select(AlertNotice.id)
            .where(*_sendable(now))
            .order_by(AlertNotice.next_try_at)
            .limit(limit)
        )
        return self.session.scalars(query).all()

    def take_notice(
        self, notice_id: str, now: datetime, until: datetime
    ) -> AlertNotice | None:
        """Hold a notice for sending; None while another process has it."""
        taken = cast(
            CursorResult[Any],
            self.session.execute(
                update(AlertNotice)
                .where(AlertNotice.id == notice_id, *_sendable(now))
                .values(held_until=until, tries=AlertNotice.tries + 1)
            ),
        )
        return self.session.get(AlertNotice, notice_id) if taken.rowcount else None

    def drop_notices(self, now: datetime) -> int:
        """Give up unsent notices of alerts that somebody took on; return how many."""
        taken = select(Alert.id).where(Alert.acknowledged_at.is_not(None))
        unsent = self.all(
            select(AlertNotice).where(
                AlertNotice.sent_at.is_(None),
                AlertNotice.dropped_at.is_(None),
                AlertNotice.alert_id.in_(taken),
            )
        )
        for notice in unsent:
            notice.dropped_at = now
        return len(unsent)

    def incident_notes(self, school_id: str, alert_id: str) -> Sequence[IncidentNote]:
        """Return the entries of an incident record, the earliest first."""
        return self.all(
            select(IncidentNote)
            .where(
                IncidentNote.school_id == school_id, IncidentNote.alert_id == alert_id
            )
            .order_by(IncidentNote.noted_at, IncidentNote.id)
        )


def _sendable(now: datetime) -> tuple[Any, ...]:
    return (
        AlertNotice.sent_at.is_(None),
        AlertNotice.dropped_at.is_(None),
        AlertNotice.next_try_at <= now,
        or_(AlertNotice.held_until.is_(None), AlertNotice.held_until < now),
    )
