"""Imports keep what they refused and who took them back; facts name their version.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMED = """
UPDATE import_run SET catalog_version = (
    SELECT max(version) FROM catalog_fact WHERE import_id = import_run.id
)
WHERE catalog_version IS NULL
    AND kind IN ('onet', 'oews', 'ooh', 'sced', 'clusters', 'case')
"""
WITHOUT = """
UPDATE import_run SET undoable = :no
WHERE catalog_version IS NULL
    AND kind IN ('onet', 'oews', 'ooh', 'sced', 'clusters', 'case')
"""


def upgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.add_column(
            sa.Column("refused", sa.JSON(), nullable=False, server_default="[]")
        )
        table.add_column(
            sa.Column(
                "undone_by",
                sa.String(36),
                sa.ForeignKey("person.id", name="fk_import_run_undone_by_person"),
                nullable=True,
            )
        )
    op.execute(NAMED)
    op.execute(sa.text(WITHOUT).bindparams(no=False))


def downgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.drop_column("undone_by")
        table.drop_column("refused")
