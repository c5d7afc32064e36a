"""What Python's search for garbage is told about a server that runs for days."""

from __future__ import annotations

import gc


def leave_alone_what_stays() -> None:
    """Clear garbage once, then search no more in what is loaded now.

    Modules, mappings and catalogs live as long as the server does; looking through
    them again in the middle of a turn costs tens of milliseconds and finds nothing.
    """
    gc.collect()
    gc.freeze()
