"""Checks that the log of looks is as it was written (P6)."""

from __future__ import annotations

from pathways.app import Milepost
from pathways.store.access_chain import AccessChain, Verdict


def verify(milepost: Milepost) -> dict[str, Verdict]:
    """Return what became of each school's log, by the school's code."""
    with milepost.work() as work:
        chain = AccessChain(work.session)
        return {one.code: chain.verify(one.id) for one in work.people.schools()}
