"""How what goes to Rasa is signed; `bot/channel.py` checks it."""

from __future__ import annotations

import hashlib
import hmac

SIGNATURE, MOMENT = "x-milepost-signature", "x-milepost-moment"


def signature(secret: str, moment: str, body: bytes) -> str:
    """Return the hex HMAC-SHA-256 of a turn's moment (Unix seconds) and body."""
    signed = moment.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
