"""The keys that seal what people wrote: made, rotated, retired (X11)."""

from __future__ import annotations

from pathways.app import Milepost, key_ring
from pathways.services.errors import Invalid
from pathways.store.resealing import Tick, left_behind, reseal
from pathways.store.sealing import KeysMissing

THERE = "There is a key file already: {}. A new key is added by: milepost keys rotate"
BEHIND = "{} rows still need an older key. First run: milepost keys seal"


def make_keys(milepost: Milepost) -> str:
    """Make the key file; return where it is.

    Raises:
        Invalid: there is one.
    """
    ring = key_ring(milepost.settings)
    if not ring.make():
        raise Invalid(THERE.format(ring.path))
    return str(ring.path)


def rotate(milepost: Milepost, tick: Tick) -> int:
    """Add a key and seal every row with it; return how many rows changed."""
    ring = key_ring(milepost.settings)
    try:
        ring.add()
    except KeysMissing as error:
        raise Invalid(str(error)) from None
    return seal(milepost, tick)


def seal(milepost: Milepost, tick: Tick) -> int:
    """Seal with the newest key whatever is not yet; return how many rows changed."""
    try:
        return reseal(milepost.engine, key_ring(milepost.settings), tick)
    except KeysMissing as error:
        raise Invalid(str(error)) from None


def retire(milepost: Milepost) -> int:
    """Drop the older keys, once nothing needs them; return how many went.

    Raises:
        Invalid: a row still needs one.
    """
    ring = key_ring(milepost.settings)
    waiting = left_behind(milepost.engine, ring)
    if waiting:
        raise Invalid(BEHIND.format(waiting))
    return ring.retire()
