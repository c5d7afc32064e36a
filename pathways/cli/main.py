"""The command line for staff: `milepost`."""

from __future__ import annotations

import typer

from pathways.cli import audit, catalog, duty, exports, imports, people, privacy
from pathways.cli.common import plain_errors
from pathways.cli.doctor import doctor
from pathways.settings import Settings
from pathways.store.migrate import upgrade

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Milepost's command line, for the people who run it at a school.",
)
database = typer.Typer(no_args_is_help=True, help="The database.")

app.add_typer(imports.app, name="import")
app.add_typer(exports.app, name="export")
app.add_typer(catalog.app, name="catalog")
app.add_typer(catalog.policy, name="policy")
app.add_typer(people.schools, name="school")
app.add_typer(people.users, name="user")
app.add_typer(duty.app, name="duty")
app.add_typer(database, name="db")
app.add_typer(audit.app, name="audit")
audit.app.command("verify")(privacy.verify)
app.add_typer(privacy.privacy, name="privacy")
app.add_typer(privacy.keys, name="keys")
app.command()(privacy.retention)
app.command()(privacy.backup)
app.command()(privacy.restore)
app.command()(audit.replay)
app.command()(doctor)


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to the newest schema; safe to run again.

    Example: milepost db upgrade
    """
    with plain_errors():
        upgrade(Settings.load().database_url)
    typer.echo("The database is up to date.")


@database.callback()
def _group() -> None:
    """The database."""
