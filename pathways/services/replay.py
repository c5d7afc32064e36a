"""A logged suggestion made again from its inputs, to the byte (feature O9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.catalog import Catalog
from pathways.domain.transcript import OtherMatcher, ranked_again, transcript
from pathways.domain.ways_transcript import ways_again, ways_transcript
from pathways.services.errors import Invalid, NotFound
from pathways.services.policy import policy_at
from pathways.store.models import Suggestion
from pathways.store.records import CREDIT_WAYS
from pathways.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Replay:
    """What a suggestion said, once more; `same` where not a byte differs."""

    said: bytes
    same: bool
    catalog_version: int
    policy_version: str
    inputs_hash: str


def replay(milepost: Milepost, suggestion_id: str) -> Replay:
    """Make a suggestion again; for staff at the machine, not for a signed-in person.

    Raises:
        NotFound: there is no such suggestion.
        Invalid: it was logged without its inputs, or by another matcher, or ways to
            a credit rest on a pack of rules that is not here any more.
    """
    with milepost.work() as work:
        logged = work.records.suggestion(suggestion_id)
        if logged is None:
            raise NotFound("The suggestion")
        if logged.inputs is None:
            raise Invalid("It was logged by a release that kept no inputs.")
        catalog = milepost.catalogs.version(
            work, logged.school_id, logged.catalog_version
        )
        try:
            said = _again(work, logged, catalog)
        except OtherMatcher as error:
            raise Invalid(str(error)) from error
        return Replay(
            said,
            hashlib.sha256(said).hexdigest() == logged.output_hash,
            logged.catalog_version,
            logged.policy_version,
            logged.inputs_hash,
        )


def _again(work: UnitOfWork, logged: Suggestion, catalog: Catalog) -> bytes:
    inputs = logged.inputs or {}
    if logged.kind != CREDIT_WAYS:
        return transcript(ranked_again(inputs, catalog))
    school = work.people.school(logged.school_id)
    if school is None:
        raise NotFound("The school")
    policy = policy_at(work, school, inputs["overlay"])
    if policy.version != logged.policy_version:
        raise Invalid(
            f"Rules {logged.policy_version} made this; here is {policy.version}. "
            "Run the release of that day."
        )
    return ways_transcript(ways_again(inputs, catalog, policy))
