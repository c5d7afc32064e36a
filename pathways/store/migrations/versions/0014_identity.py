"""Back-off, second factors, sign-in at the school's own system, sessions by name.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from pathways.store.types import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OWNED = {
    "second_factor": ("school_id", "person_id"),
    "recovery_code": ("school_id", "person_id"),
    "account_event": ("school_id", "actor_id", "person_id"),
}


def _owners(table: str) -> list[sa.Column[str]]:
    targets = {"school_id": "school"}
    return [
        sa.Column(
            name,
            sa.String(36),
            sa.ForeignKey(
                f"{targets.get(name, 'person')}.id",
                name=f"fk_{table}_{name}_{targets.get(name, 'person')}",
            ),
            nullable=False,
        )
        for name in OWNED[table]
    ]


def _own(table: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(36), nullable=False),
        *_owners(table),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    for name in OWNED[table]:
        unique = (table, name) == ("second_factor", "person_id")
        op.create_index(f"ix_{table}_{name}", table, [name], unique=unique)


def upgrade() -> None:
    with op.batch_alter_table("school") as table:
        table.add_column(
            sa.Column(
                "staff_second_factor",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
            )
        )
    with op.batch_alter_table("sign_in") as table:
        for name, length in (("device", 80), ("how", 20), ("needs", 10)):
            table.add_column(
                sa.Column(name, sa.String(length), nullable=False, server_default="")
            )
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("closed_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    op.create_table(
        "handshake",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("next_path", sa.String(500), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handshake"),
    )
    _own(
        "second_factor",
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=False),
    )
    _own(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
    )
    _own(
        "account_event",
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("happened_at", Moment(), nullable=False),
    )


def downgrade() -> None:
    for name in (*reversed(OWNED), "handshake", "sign_in_try"):
        op.drop_table(name)
    with op.batch_alter_table("sign_in") as table:
        for name in ("needs", "how", "device"):
            table.drop_column(name)
    with op.batch_alter_table("school") as table:
        table.drop_column("staff_second_factor")
