"""Passwords that somebody else gave work for a short time.

Revision ID: 0020
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("password_until", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("password_until")
