"""Waiting after failed tries, per account and per address (trust X12).

A try is counted before the password is looked at, in one statement, so that many
tries at the same moment do not get past the count. Names that nobody has are counted
like all others; only keyed hashes are stored.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from pathways.app import Milepost
from pathways.services.errors import Invalid

FORGOTTEN_AFTER = timedelta(hours=1)
MARK_LENGTH = 16


@dataclass(frozen=True)
class Patience:
    """How many tries are free, and how the wait grows after them.

    A whole school may sit behind one address, so an address gets many tries and
    short waits: they slow guessing down and do not shut a class out.
    """

    tries: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait(self, failures: int) -> timedelta | None:
        """Return how long to wait after a number of failures; None: not at all."""
        if failures < self.tries:
            return None
        doubled: timedelta = self.first_wait * 2 ** min(failures - self.tries, 20)
        return min(doubled, self.longest_wait)


ACCOUNT = Patience(5, timedelta(seconds=30), timedelta(minutes=15))
ADDRESS = Patience(100, timedelta(seconds=5), timedelta(minutes=1))


class TooManyTries(Invalid):
    """The door is closed for a while; `seconds` says for how long."""

    def __init__(self, seconds: int) -> None:
        """Say how long the wait is."""
        super().__init__(f"Too many tries. Please wait {_in_words(seconds)}.")
        self.seconds = seconds


def count_try(milepost: Milepost, keys: dict[str, Patience]) -> None:
    """Count a try under each key, as a failure until it is known to be good.

    Raises:
        TooManyTries: one of the keys has to wait; nothing is counted then.
    """
    now = milepost.clock()
    with milepost.work() as work:
        for name, patience in sorted(keys.items()):
            key = _key(milepost, name)
            row = work.identity.take_try(key, now)
            if row is None:
                until = work.identity.closed_until(key) or now
                raise TooManyTries(max(1, round((until - now).total_seconds())))
            if now - row.last_at > FORGOTTEN_AFTER:
                row.failures = 1
            row.last_at = now
            wait = patience.wait(row.failures)
            row.closed_until = now + wait if wait else None
        work.commit()


def good_try(milepost: Milepost, account: str, address: str = "") -> None:
    """Forget the account's failures, and take this one try off the address."""
    with milepost.work() as work:
        work.identity.forget_try(_key(milepost, account))
        if address:
            work.identity.give_back_try(_key(milepost, address))
        work.identity.forget_tries_before(milepost.clock() - 24 * FORGOTTEN_AFTER)
        work.commit()


def mark_of(milepost: Milepost, username: str) -> str:
    """Return what stands in logs for a user name: keyed, so that no name is in them.

    `milepost user mark` says it for a person, to find their lines (ASVS 16.3.1).
    """
    key = milepost.settings.session_secret.encode()
    text = f"mark:{username.strip().lower()}".encode("utf-8", "replace")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:MARK_LENGTH]


def who_of(milepost: Milepost, person_id: str) -> str:
    """Return what stands in logs for whoever is signed in (ASVS 16.2.1).

    It is keyed, so that no id is in them. `milepost user mark` says it, too.
    """
    key = milepost.settings.session_secret.encode()
    text = f"who:{person_id}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:MARK_LENGTH]


def _key(milepost: Milepost, name: str) -> str:
    key = milepost.settings.session_secret.encode()
    text = f"try:{name}".encode("utf-8", "replace")
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
