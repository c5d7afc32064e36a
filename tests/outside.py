"""A mail server and a webhook of the test's own, that fail when they are told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from live import free_port
from loopback import in_background

HANGS = 30.0


@dataclass
class Outside:
    """What arrived, and how to behave: ok, fail or hang."""

    mode: str = "ok"
    mails: list[Message] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    smtp_url: str = ""
    webhook: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail, or not."""
        self.reached.set()
        if self.mode == "fail":
            return "451 Not now"
        if self.mode == "hang":
            await asyncio.to_thread(self.let_go.wait, HANGS)
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"


@contextmanager
def outside() -> Iterator[Outside]:
    """Run both servers on this machine."""
    found = Outside()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["content-length"]))
            found.reached.set()
            if found.mode == "hang":
                found.let_go.wait(HANGS)
            if found.mode == "ok":
                found.posts.append((dict(self.headers), body))
            status = {"fail": 503, "redirect": 302}.get(found.mode, 204)
            self.send_response(status)
            if status == 302:
                self.send_header("location", "http://127.0.0.1:1/inner")
            self.end_headers()

        def log_message(self, *given: object) -> None:
            """Say nothing."""

    mail = Controller(found, hostname="127.0.0.1", port=free_port())
    mail.start()
    hooks = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    hooks.daemon_threads = True
    in_background(hooks)
    found.smtp_url = f"smtp://127.0.0.1:{mail.port}"
    found.webhook = f"http://127.0.0.1:{hooks.server_address[1]}/hook"
    try:
        yield found
    finally:
        found.let_go.set()
        hooks.shutdown()
        hooks.server_close()
        mail.stop()
