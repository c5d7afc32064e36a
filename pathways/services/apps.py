"""The keys by which apps on one database know each other, for the gateway."""

from __future__ import annotations

from pathways.store.apps import new_id_of, new_key, share_of

__all__ = ["new_id_of", "new_key", "share_of"]
