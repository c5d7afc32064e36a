"""Coaching talks, reminders, and a goal's if-then plan.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("coaching_talk", "reminder")


def _owners(table: str) -> list[sa.Column[str]]:
    return [
        sa.Column(
            f"{name}_id",
            sa.String(36),
            sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_id_{target}"),
            nullable=False,
        )
        for name, target in (("school", "school"), ("student", "person"))
    ]


def upgrade() -> None:
    with op.batch_alter_table("goal") as table:
        for name in ("obstacle", "plan"):
            table.add_column(
                sa.Column(name, sa.Text(), nullable=False, server_default="")
            )
    op.create_table(
        "coaching_talk",
        sa.Column("id", sa.String(36), nullable=False),
        *_owners("coaching_talk"),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("fidelity", sa.Float(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coaching_talk"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(36), nullable=False),
        *_owners("reminder"),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("shown_at", Moment(), nullable=True),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    for table_name in TABLES:
        for column in ("school_id", "student_id"):
            op.create_index(f"ix_{table_name}_{column}", table_name, [column])


def downgrade() -> None:
    for table_name in reversed(TABLES):
        op.drop_table(table_name)
    with op.batch_alter_table("goal") as table:
        for name in ("plan", "obstacle"):
            table.drop_column(name)
