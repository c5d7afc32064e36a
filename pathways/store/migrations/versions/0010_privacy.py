"""Sealed texts, a chained access log, requests about data, deletions, retention.

Sealed values have the columns of before; short ones need room, and an interest that
is sealed can't be unique by its words. `milepost keys seal` seals the rows of before.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WIDER = {
    "experience": {"place": False, "mentor": False, "answered_by": True},
    "interest": {"words": False},
}
CHAIN = ("digest", "chain", "erased")


def _owner(
    table: str, name: str, target: str, nullable: bool = False
) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, sa.String(36), key, nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("interest") as table:
        table.drop_constraint("uq_interest_student_id_kind_words", type_="unique")
    for name, columns in WIDER.items():
        with op.batch_alter_table(name) as table:
            for column, nullable in columns.items():
                table.alter_column(
                    column,
                    existing_type=sa.String(200),
                    type_=sa.Text(),
                    existing_nullable=nullable,
                )
    with op.batch_alter_table("access_log") as table:
        for column in ("actor_id", "student_id"):
            table.alter_column(column, existing_type=sa.String(36), nullable=True)
        table.add_column(
            sa.Column("reason", sa.Text(), nullable=False, server_default="")
        )
        table.add_column(sa.Column("place", sa.Integer(), nullable=True))
        for column in CHAIN:
            table.add_column(
                sa.Column(column, sa.String(64), nullable=False, server_default="")
            )
        table.create_unique_constraint(
            "uq_access_log_school_id_place", ["school_id", "place"]
        )
    op.create_table(
        "access_head",
        _owner("access_head", "school_id", "school"),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name="pk_access_head"),
    )
    op.create_table(
        "data_request",
        sa.Column("id", sa.String(36), nullable=False),
        _owner("data_request", "school_id", "school"),
        _owner("data_request", "student_id", "person"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_on", Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        _owner("data_request", "answered_by", "person", nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("not_before", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_data_request"),
    )
    op.create_table(
        "deletion",
        sa.Column("id", sa.String(36), nullable=False),
        _owner("deletion", "school_id", "school"),
        sa.Column("student_id", sa.String(36), nullable=True),
        sa.Column("conversation_id", sa.String(36), nullable=True),
        _owner("deletion", "confirmed_by", "person", nullable=True),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deletion"),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.String(36), nullable=False),
        _owner("retention_run", "school_id", "school"),
        sa.Column("ran_at", Moment(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_run"),
    )
    for name in ("data_request", "deletion", "retention_run"):
        op.create_index(f"ix_{name}_school_id", name, ["school_id"])
    op.create_index("ix_data_request_student_id", "data_request", ["student_id"])


def downgrade() -> None:
    for name in ("retention_run", "deletion", "data_request", "access_head"):
        op.drop_table(name)
    with op.batch_alter_table("access_log") as table:
        table.drop_constraint("uq_access_log_school_id_place", type_="unique")
        for column in ("reason", "place", *CHAIN):
            table.drop_column(column)
