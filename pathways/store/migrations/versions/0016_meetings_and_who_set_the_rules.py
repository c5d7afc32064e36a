"""What came of meetings, and who set a district's rules.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE, POLICY = "meeting", "district_policy"
OWNERS = (("school", "school"), ("student", "person"), ("advisor", "person"))


def _key(table: str, name: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_id_{target}")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.String(36), nullable=False),
        *(
            sa.Column(
                f"{name}_id",
                sa.String(36),
                _key(TABLE, name, target),
                nullable=False,
            )
            for name, target in OWNERS
        ),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("met_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    for name, _ in OWNERS:
        op.create_index(f"ix_{TABLE}_{name}_id", TABLE, [f"{name}_id"])
    with op.batch_alter_table(POLICY) as table:
        table.add_column(sa.Column("actor_id", sa.String(36), nullable=True))
        table.create_foreign_key(
            f"fk_{POLICY}_actor_id_person", "person", ["actor_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table(POLICY) as table:
        table.drop_constraint(f"fk_{POLICY}_actor_id_person", type_="foreignkey")
        table.drop_column("actor_id")
    op.drop_table(TABLE)
