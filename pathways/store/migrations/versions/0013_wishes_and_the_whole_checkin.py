"""What helps a student, words nothing was found for, and the whole check-in.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("preference", "unmet_word")
CHECKIN = ("evidence", "area", "plan", "confidence", "fidelity")


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
    with op.batch_alter_table("checkin") as table:
        for name in ("evidence", "plan"):
            table.add_column(
                sa.Column(name, sa.Text(), nullable=False, server_default="")
            )
        table.add_column(
            sa.Column("area", sa.String(30), nullable=False, server_default="")
        )
        table.add_column(sa.Column("confidence", sa.Integer(), nullable=True))
        table.add_column(sa.Column("fidelity", sa.Float(), nullable=True))
    op.create_table(
        "preference",
        sa.Column("id", sa.String(36), nullable=False),
        *_owners("preference"),
        sa.Column("supports", sa.JSON(), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_preference"),
        sa.UniqueConstraint("student_id", name="uq_preference_student_id"),
    )
    op.create_table(
        "unmet_word",
        sa.Column("id", sa.String(36), nullable=False),
        *_owners("unmet_word"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unmet_word"),
    )
    for table_name in TABLES:
        for column in ("school_id", "student_id"):
            op.create_index(f"ix_{table_name}_{column}", table_name, [column])


def downgrade() -> None:
    for table_name in reversed(TABLES):
        op.drop_table(table_name)
    with op.batch_alter_table("checkin") as table:
        for name in CHECKIN:
            table.drop_column(name)
