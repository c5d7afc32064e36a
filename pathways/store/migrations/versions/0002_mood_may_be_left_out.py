"""A check-in may leave the mood out.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("checkin") as table:
        table.alter_column("mood", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("checkin") as table:
        table.alter_column("mood", existing_type=sa.Integer(), nullable=False)
