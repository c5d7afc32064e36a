"""Finds ports that nobody listens on."""

from __future__ import annotations

import socket
from collections.abc import Container
from contextlib import closing

from setup.report import SetupError

TRIES = 50
LAST_PORT = 65535


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def first_free(host: str, wanted: int, taken: Container[int] = ()) -> int:
    """The wanted port, or the next one that is free.

    Raises:
        SetupError: none of the next fifty is free, or the address is not ours.
    """
    for port in range(wanted, min(wanted + TRIES, LAST_PORT + 1)):
        if port not in taken and is_free(host, port):
            return port
    raise SetupError(
        f"No free port at {host} from {wanted} on. Set MILEPOST_PORT to a free one, "
        "and check that MILEPOST_HOST is an address of this machine."
    )


def several_free(host: str, wanted: int, count: int, taken: set[int]) -> list[int]:
    """As many free ports as asked for, in rising order.

    Raises:
        SetupError: there are not enough near the wanted one.
    """
    ports: list[int] = []
    for _ in range(count):
        ports.append(first_free(host, wanted, taken | set(ports)))
    return ports
