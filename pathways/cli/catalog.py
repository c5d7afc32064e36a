"""`milepost catalog` and `milepost policy`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from pathways.cli.common import SchoolOption, plain_errors, product, show
from pathways.domain.catalog import catalog_of
from pathways.domain.pack_cases import answer
from pathways.formats.catalog_csv import check, read_folder
from pathways.formats.report import Report, shorten
from pathways.services.accounts import school_called
from pathways.services.catalog_lint import FEWEST_STUDENTS, look_at
from pathways.services.catalog_versions import restore_in, versions_of
from pathways.services.errors import Invalid
from pathways.services.occupation_drafts import (
    credit_of,
    draft_occupation,
    facts_about,
)
from pathways.services.policy import (
    PACKS,
    pack,
    policy_for,
    set_district,
    state_pack,
)
from pathways.yaml_file import read_yaml

LONGEST_FACT = 200

app = typer.Typer(no_args_is_help=True, help="Check the catalog and its version.")
policy = typer.Typer(no_args_is_help=True, help="Read the rules that Milepost knows.")


@app.command("check")
def check_folder(
    folder: Annotated[Path, typer.Argument(help="A catalog folder.")],
) -> None:
    """Check a catalog folder on its own, without a database.

    Example: milepost catalog check our-catalog/
    """
    with plain_errors():
        reading = read_folder(folder)
    rejected = [*reading.rejected, *check(reading.placed, catalog_of(0, []))]
    report = Report(
        "check", folder.name, read=reading.read, rejected=rejected, dry_run=True
    )
    show(report)


@app.command("version")
def version(school: SchoolOption = None) -> None:
    """Say which catalog version students hear of now.

    Example: milepost catalog version
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            newest = work.catalog.newest(chosen.id)
    if newest is None:
        typer.echo(f"{chosen.name} has no catalog yet.")
        raise typer.Exit(1)
    day = newest.published_at.astimezone(milepost.settings.zone)
    typer.echo(f"version {newest.number}, {day:%Y-%m-%d %H:%M}, {newest.note}")


@app.command("versions")
def versions(school: SchoolOption = None) -> None:
    """List the versions of the catalog, the newest first.

    Example: milepost catalog versions
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            found = versions_of(work, chosen.id)
    for one in found:
        day = one.when.astimezone(milepost.settings.zone)
        typer.echo(f"{one.number}  {day:%Y-%m-%d %H:%M}  {one.note}")


@app.command("restore")
def restore(
    number: Annotated[int, typer.Argument(help="As `catalog versions` lists it.")],
    school: SchoolOption = None,
) -> None:
    """Publish an earlier version again: the undo of an import or an edit.

    Example: milepost catalog restore 3
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            done = restore_in(milepost, work, chosen.id, number, None)
    typer.echo(
        f"Published as version {done.version}: {done.changed} entries as they were, "
        f"{done.retired} retired."
    )
    for title in done.by_hand:
        typer.echo(f"note: {title} had been edited by hand since then.")


@app.command("lint")
def lint_catalog(
    school: SchoolOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if anything was found.")
    ] = False,
) -> None:
    """Say what in the catalog wants a look: stale, broken, past, colliding.

    Example: milepost catalog lint
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            look = look_at(milepost, work, chosen)
    for one in look.findings:
        place = " ".join(part for part in (one.kind, one.code or one.title) if part)
        typer.echo(f"{one.check.value}: {place}: {one.detail}")
    typer.echo(f"{len(look.findings)} found in version {look.version}.")
    if look.hidden:
        typer.echo(
            f"{look.hidden} wishes of fewer than {FEWEST_STUDENTS} students not shown."
        )
    if look.findings and strict:
        raise typer.Exit(1)


@app.command("facts")
def show_facts(
    code: Annotated[str, typer.Argument(help="A SOC or SCED code.")],
    school: SchoolOption = None,
) -> None:
    """Show what was imported about a code, each fact with its source and date.

    Example: milepost catalog facts 29-1141
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            facts = facts_about(milepost, work, chosen, code)
    if not facts:
        typer.echo(f"Nothing was imported about {code}.")
        raise typer.Exit(1)
    for fact in facts:
        where = " ".join(part for part in (fact.area, fact.period) if part)
        typer.echo(f"{fact.sort} {where}".rstrip() + f": {fact.title}".rstrip(": "))
        typer.echo(f"  source: {fact.source}, as of {fact.as_of}")
        for name, value in fact.data.items():
            if value not in ("", None, []):
                typer.echo(f"  {name}: {shorten(str(value), LONGEST_FACT)}")
    typer.echo(credit_of(facts))


@app.command("draft")
def draft(
    code: Annotated[str, typer.Argument(help="SOC code of an imported occupation.")],
    cluster: Annotated[
        str, typer.Option("--cluster", help="Code of its cluster.")
    ] = "",
    school: SchoolOption = None,
) -> None:
    """Take an imported occupation into the catalog, as a draft to be worded.

    Example: milepost catalog draft 15-2011
    """
    with product() as milepost:
        chosen = school_called(milepost, school)
        found = draft_occupation(milepost, chosen, code, cluster)
    typer.echo(f"{found.code} {found.title} is a draft in {found.cluster}.")


@policy.command("list")
def list_rules(
    state: Annotated[str, typer.Option("--state", help="Two letters.")] = "OH",
    topic: Annotated[
        str | None, typer.Option("--topic", help="One topic only.")
    ] = None,
) -> None:
    """List the rules of a state's policy pack.

    Example: milepost policy list --topic credit_flexibility
    """
    with plain_errors():
        found = _pack(state)
    typer.echo(f"{found['title']} (version {found['version']})")
    for rule in found["rules"]:
        if topic in (None, rule["topic"]):
            typer.echo(f"{rule['id']}  {rule['title']}")


@policy.command("show")
def show_rule(
    rule_id: Annotated[str, typer.Argument(help="As `policy list` prints it.")],
    state: Annotated[str, typer.Option("--state", help="Two letters.")] = "OH",
) -> None:
    """Show one rule with its text, its numbers and its source.

    Example: milepost policy show ohio.credit_flex.test_out
    """
    with plain_errors():
        rules = {rule["id"]: rule for rule in _pack(state)["rules"]}
        if rule_id not in rules:
            raise Invalid(f"There is no rule {rule_id}. See: milepost policy list")
    _print_rule(rules[rule_id])


@policy.command("check")
def check_packs() -> None:
    """Read every pack and run the test cases inside it.

    Example: milepost policy check
    """
    failed = 0
    for state in sorted(PACKS):
        found = state_pack(state)
        assert found is not None
        wrong = [one for one in found.cases if answer(found, one) != one.expect]
        failed += len(wrong)
        typer.echo(
            f"{state}: {len(found.rules)} rules, {len(found.sources)} sources, "
            f"{len(found.cases) - len(wrong)} of {len(found.cases)} cases pass"
        )
        for one in wrong:
            typer.echo(f"  fails: {one.name} ({one.rule})")
    if failed:
        raise typer.Exit(1)


@policy.command("district")
def district(
    file: Annotated[
        Path | None, typer.Argument(help="A YAML file; without one, show.")
    ] = None,
    school: SchoolOption = None,
) -> None:
    """Show what the district has set, or set it from a YAML file.

    What stays null is answered with "your counselor decides this".

    Example: milepost policy district our-district.yml
    """
    with product() as milepost, plain_errors():
        chosen = school_called(milepost, school)
        with milepost.work() as work:
            if file is not None:
                number = set_district(work, chosen, _yaml(file), milepost.clock())
                work.commit()
                typer.echo(f"Saved as version {number}.")
                return
            found = policy_for(work, chosen)
    typer.echo(f"# version {found.overlay_number} of {chosen.name}")
    typer.echo(yaml.safe_dump(found.district.model_dump(mode="json"), sort_keys=False))


def _yaml(file: Path) -> dict[str, Any]:
    try:
        found = read_yaml(file) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{file.name} can't be read: {error}") from None
    if not isinstance(found, dict):
        raise Invalid(f"{file.name}: write names and values, like `form: Form 12`.")
    return found


def _pack(state: str) -> dict[str, Any]:
    if state.upper() not in PACKS:
        known = ", ".join(sorted(PACKS))
        raise Invalid(f"There is no policy pack for {state}. Known: {known}.")
    return dict(pack(state.upper()))


def _print_rule(rule: dict[str, Any]) -> None:
    typer.echo(f"{rule['title']} ({rule['id']})")
    typer.echo(f"topic: {rule['topic']}")
    typer.echo(rule["text"].strip())
    for name, value in rule.get("values", {}).items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        typer.echo(f"  {name}: {shown}")
    citation = rule["citation"]
    parts = (citation.get("title"), citation.get("section"), citation.get("url"))
    typer.echo(f"source: {'; '.join(part for part in parts if part)}")
    typer.echo(f"checked against the source: {'yes' if rule['verified'] else 'no'}")
    if rule.get("unverified"):
        typer.echo(f"not checked: {rule['unverified']}")
    if rule.get("note"):
        typer.echo(f"note: {rule['note']}")
