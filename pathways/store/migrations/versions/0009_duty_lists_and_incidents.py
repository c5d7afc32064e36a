"""Duty lists, notices to staff, incident records.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TARGETS = {"school_id": "school", "person_id": "person", "actor_id": "person"}
TARGETS |= {"changed_by": "person", "alert_id": "alert"}
INDEXES = {
    "duty_plan": ("school_id",),
    "duty_member": ("school_id", "person_id"),
    "alert_notice": ("school_id", "alert_id"),
    "incident_note": ("school_id", "alert_id", "actor_id"),
}


def _link(table: str, name: str, nullable: bool = False) -> sa.Column[str]:
    target = TARGETS[name]
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, sa.String(36), key, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "duty_plan",
        sa.Column("id", sa.String(36), nullable=False),
        _link("duty_plan", "school_id"),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("closed", sa.JSON(), nullable=False),
        sa.Column("naming", sa.String(10), nullable=False),
        sa.Column("webhook", sa.String(500), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        _link("duty_plan", "changed_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty_plan"),
        sa.UniqueConstraint("school_id", name="uq_duty_plan_school_id"),
    )
    op.create_table(
        "duty_member",
        sa.Column("id", sa.String(36), nullable=False),
        _link("duty_member", "school_id"),
        _link("duty_member", "person_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty_member"),
        sa.UniqueConstraint("school_id", "person_id", name="uq_duty_member_school_id"),
    )
    op.create_table(
        "alert_notice",
        sa.Column("id", sa.String(36), nullable=False),
        _link("alert_notice", "school_id"),
        _link("alert_notice", "alert_id"),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("recipient", sa.String(36), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Moment(), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("dropped_at", Moment(), nullable=True),
        sa.Column("problem", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_notice"),
    )
    op.create_table(
        "incident_note",
        sa.Column("id", sa.String(36), nullable=False),
        _link("incident_note", "school_id"),
        _link("incident_note", "alert_id"),
        _link("incident_note", "actor_id"),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_note"),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in reversed(INDEXES):
        op.drop_table(table)
