"""Consent: what is on record for a student, and the school's rule (trust P7).

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "consent_entry"


def _points_to(name: str, target: str, nullable: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{TABLE}_{name}_{target}")
    return sa.Column(name, sa.String(36), key, nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("school") as table:
        table.add_column(
            sa.Column(
                "consent_from_all",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
            )
        )
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column("consent", sa.String(10), nullable=False, server_default="")
        )
        table.add_column(sa.Column("consent_on", sa.Date(), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(36), nullable=False),
        _points_to("school_id", "school"),
        _points_to("student_id", "person"),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("given_by", sa.String(10), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        _points_to("recorded_by", "person", nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    for name in ("school_id", "student_id"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])


def downgrade() -> None:
    op.drop_table(TABLE)
    with op.batch_alter_table("person") as table:
        table.drop_column("consent_on")
        table.drop_column("consent")
    with op.batch_alter_table("school") as table:
        table.drop_column("consent_from_all")
