"""Bodies that are too large, too slow, or never end, over a real socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import Site, running

from web import limits

SAY = "POST /api/v1/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"


@pytest.fixture(scope="module")
def site(
    pages_school: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits.Limits.__init__, "__defaults__", (0.5,))
        with running(pages_school, tmp_path_factory.mktemp("slow")) as found:
            yield found


def connect(site: Site) -> socket.socket:
    host, _, port = site.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def read(found: socket.socket) -> str:
    """Return what comes until the other side closes."""
    got = b""
    while more := found.recv(65536):
        got += more
    return got.decode()


def test_a_body_that_drips_is_cut_off(site: Site) -> None:
    with connect(site) as slow:
        slow.sendall(f"{SAY}content-length: 200\r\n\r\n".encode())
        begun = time.monotonic()
        answer = read(slow)
    assert " 408 " in answer.splitlines()[0]
    assert time.monotonic() - begun < 3
    assert json.loads(answer.rpartition("\r\n\r\n")[2])["status"] == 408


def test_others_are_served_while_many_bodies_drip(site: Site) -> None:
    held = [connect(site) for _ in range(100)]
    try:
        for one in held:
            one.sendall(f"{SAY}content-length: 200\r\n\r\n{{".encode())
        with connect(site) as quick:
            begun = time.monotonic()
            quick.sendall(
                b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            )
            assert " 200 " in read(quick).splitlines()[0]
            assert time.monotonic() - begun < 1
    finally:
        for one in held:
            one.close()


def test_a_body_without_an_end_stops_at_sixteen_kilobytes(site: Site) -> None:
    with connect(site) as endless:
        endless.sendall(f"{SAY}transfer-encoding: chunked\r\n\r\n".encode())
        chunk = b"1000\r\n" + b"a" * 0x1000 + b"\r\n"
        for _ in range(5):
            endless.sendall(chunk)
        assert " 413 " in endless.recv(4096).decode().splitlines()[0]


def test_half_a_form_is_not_a_form(site: Site) -> None:
    """A connection that breaks leaves nothing behind, and the next one works."""
    with connect(site) as broken:
        broken.sendall(f"{SAY}content-length: 200\r\n\r\n{{".encode())
    with connect(site) as quick:
        quick.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert " 200 " in read(quick).splitlines()[0]
