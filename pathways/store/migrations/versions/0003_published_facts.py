"""Facts of O*NET, BLS, SCED, clusters and CASE beside the catalog.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_fact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("school_id", sa.String(length=36), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
            name=op.f("fk_catalog_fact_import_id_import_run"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_catalog_fact_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_fact")),
        sa.UniqueConstraint(
            "school_id",
            "sort",
            "code",
            "area",
            "period",
            "version",
            name=op.f("uq_catalog_fact_key"),
        ),
    )
    with op.batch_alter_table("catalog_fact") as table:
        table.create_index(op.f("ix_catalog_fact_school_id"), ["school_id"])
        table.create_index(op.f("ix_catalog_fact_import_id"), ["import_id"])


def downgrade() -> None:
    op.drop_table("catalog_fact")
