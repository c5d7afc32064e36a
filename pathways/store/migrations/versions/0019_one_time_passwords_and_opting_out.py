"""One-time passwords, and students who turn coaching off for themselves.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("password_until", Moment(), nullable=True))
    op.add_column("person", sa.Column("coaching_off_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("coaching_off_on")
        table.drop_column("password_until")
