"""What tests say and hear on loopback, without waits that are for the outside."""

from __future__ import annotations

import threading
from socketserver import BaseServer

import httpx

# Made once: httpx reads the machine's certificates anew for every call (40 ms).
TRUST = httpx.create_ssl_context()


def in_background(server: BaseServer) -> threading.Thread:
    """Serve in a thread; `shutdown` waits a hundredth of a second, not half of one."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    return thread
