"""For whom a school has switched a feature on.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "feature_switch"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("school_id", sa.String(36), nullable=False),
        sa.Column("feature", sa.String(40), nullable=False),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("grades", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(36), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=f"fk_{TABLE}_school_id_school"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=f"fk_{TABLE}_changed_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("school_id", "feature", name=f"uq_{TABLE}_school_id"),
    )
    op.create_index(f"ix_{TABLE}_school_id", TABLE, ["school_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
