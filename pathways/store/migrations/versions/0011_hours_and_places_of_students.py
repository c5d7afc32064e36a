"""Hours a week and places of students; scores that came by an import.

Revision ID: 0011
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "availability"


def _owner(name: str, target: str) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{TABLE}_{name}_id_{target}")
    return sa.Column(f"{name}_id", sa.String(36), key, nullable=False)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(36), nullable=False),
        _owner("school", "school"),
        _owner("student", "person"),
        sa.Column("hours_a_week", sa.Float(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("student_id", name=f"uq_{TABLE}_student_id"),
    )
    for column in ("school_id", "student_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    with op.batch_alter_table("graduation_item") as table:
        table.alter_column("noted_by", existing_type=sa.String(36), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("graduation_item") as table:
        table.alter_column("noted_by", existing_type=sa.String(36), nullable=False)
    op.drop_table(TABLE)
