"""What changed about a goal, and when.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "goal_change"
OWNERS = (("school_id", "school"), ("student_id", "person"), ("goal_id", "goal"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(36), nullable=False),
        *(
            sa.Column(
                name,
                sa.String(36),
                sa.ForeignKey(f"{target}.id", name=f"fk_{TABLE}_{name}_{target}"),
                nullable=False,
            )
            for name, target in OWNERS
        ),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    for name, _ in OWNERS:
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])


def downgrade() -> None:
    op.drop_table(TABLE)
