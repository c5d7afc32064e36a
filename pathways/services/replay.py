"""A logged suggestion made again from its inputs, to the byte (feature O9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pathways.app import Milepost
from pathways.domain.transcript import OtherMatcher, ranked_again, transcript
from pathways.services.errors import Invalid, NotFound


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
        Invalid: it was logged without its inputs, or by another matcher.
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
            said = transcript(ranked_again(logged.inputs, catalog))
        except OtherMatcher as error:
            raise Invalid(str(error)) from error
        return Replay(
            said,
            hashlib.sha256(said).hexdigest() == logged.output_hash,
            logged.catalog_version,
            logged.policy_version,
            logged.inputs_hash,
        )
