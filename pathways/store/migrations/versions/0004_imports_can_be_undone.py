"""Imports can be undone; results keep their scale and proof; rules of counting.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mastery_result") as table:
        table.add_column(sa.Column("possible", sa.Double(), nullable=True))
        table.add_column(sa.Column("proof", sa.String(10), nullable=True))
    with op.batch_alter_table("import_run") as table:
        table.add_column(sa.Column("catalog_version", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column(
                "undoable", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        table.add_column(sa.Column("undone_at", Moment(), nullable=True))
    op.create_table(
        "import_change",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "school_id", sa.String(36), sa.ForeignKey("school.id"), nullable=False
        ),
        sa.Column(
            "import_id", sa.String(36), sa.ForeignKey("import_run.id"), nullable=False
        ),
        sa.Column("table_name", sa.String(80), nullable=False),
        sa.Column("row_id", sa.String(36), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
    )
    op.create_index("ix_import_change_school_id", "import_change", ["school_id"])
    op.create_index("ix_import_change_import_id", "import_change", ["import_id"])
    op.create_table(
        "mastery_rule",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "school_id", sa.String(36), sa.ForeignKey("school.id"), nullable=False
        ),
        sa.Column("competency", sa.String(80), nullable=False),
        sa.Column("method", sa.String(30), nullable=False),
        sa.Column("setting", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column(
            "import_id", sa.String(36), sa.ForeignKey("import_run.id"), nullable=False
        ),
        sa.UniqueConstraint(
            "school_id", "competency", name=op.f("uq_mastery_rule_school_id_competency")
        ),
    )
    op.create_index("ix_mastery_rule_school_id", "mastery_rule", ["school_id"])


def downgrade() -> None:
    op.drop_table("mastery_rule")
    op.drop_table("import_change")
    with op.batch_alter_table("import_run") as table:
        table.drop_column("undone_at")
        table.drop_column("undoable")
        table.drop_column("catalog_version")
    with op.batch_alter_table("mastery_result") as table:
        table.drop_column("proof")
        table.drop_column("possible")
