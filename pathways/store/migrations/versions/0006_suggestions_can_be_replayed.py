"""A suggestion keeps the facts it rests on and the hash of all that it said.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("suggestion") as table:
        table.add_column(sa.Column("inputs", sa.JSON(), nullable=True))
        table.add_column(sa.Column("output_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("suggestion") as table:
        table.drop_column("output_hash")
        table.drop_column("inputs")
