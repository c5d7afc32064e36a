"""A school's own column names are remembered.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_mapping",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("school_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.String(36), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_catalog_mapping_actor_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_catalog_mapping_school_id_school"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_mapping")),
        sa.UniqueConstraint(
            "school_id", "kind", name=op.f("uq_catalog_mapping_school_id_kind")
        ),
    )
    op.create_index(
        op.f("ix_catalog_mapping_school_id"), "catalog_mapping", ["school_id"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_catalog_mapping_school_id"), table_name="catalog_mapping")
    op.drop_table("catalog_mapping")
