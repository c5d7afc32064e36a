"""A stand-in for Rasa that speaks the private channel; the gateway can't tell."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from loopback import in_background

from web.rasa_client import MOMENT, SIGNATURE, signature

SECRET = "a-channel-secret-for-tests-only-0123456789"
CARD = {
    "id": "CTE-ANIM1",
    "kind": "course",
    "title": "Animal Science",
    "facts": ["1 credit", "core", "year"],
    "reasons": [
        {
            "fact": "You told me you like: animals.",
            "value": "animals",
            "source": "chat",
        },
        {
            "fact": "You are proficient in cells, and this builds on it.",
            "value": "proficient",
            "source": "Canvas outcomes: Cells quiz",
        },
    ],
    "next_step": "Tell your counselor you want this on your course list.",
    "stretch": False,
    "buttons": [
        {"title": "Save", "payload": '/save_option{"option":"CTE-ANIM1"}'},
        {"title": "Why", "payload": '/ask_why{"option":"CTE-ANIM1"}'},
        {"title": "Not for me", "payload": '/dismiss_option{"option":"CTE-ANIM1"}'},
    ],
}
STRETCH = {
    **CARD,
    "id": "OPP-INT-VET",
    "kind": "internship",
    "title": "Vet clinic helper",
    "facts": ["Willow Creek Animal Clinic", "Riverbend", "120 hours"],
    "stretch": True,
    "next_step": "Apply by 2026-12-11. Your counselor can show you how.",
}
GOAL = {
    "topic": "goal_set",
    "values": {
        "what": "Finish five biology labs",
        "due": "Dec 18",
        "first_step": "Ask for the lab list",
    },
}
CHOICES = [
    {"title": "Set a goal", "payload": "/set_goal"},
    {"title": "See my options", "payload": "/ask_options"},
]


def answer(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the coach says to a turn, as Rasa's channel would."""
    said = turn["intent"] or turn["text"].lower()
    if "ask_options" in said or "classes" in said:
        return [
            {"text": "Here are two ideas. Tell me what you think of them."},
            {"custom": {"cards": [CARD, STRETCH]}},
        ]
    if "set_goal" in said:
        return [{"text": "What do you want to get done? Say it in your own words."}]
    if "labs" in said:
        return [
            {"text": "Saved. Your goal is on your plan.", "buttons": CHOICES},
            {"custom": {"notes": [GOAL]}},
        ]
    return [
        {"text": "Good to hear from you."},
        {"text": "What would you like to do today?", "buttons": CHOICES},
    ]


class FakeRasa:
    """An HTTP server on loopback; `away` makes every turn fail."""

    def __init__(self, secret: str = SECRET) -> None:
        self.secret = secret
        self.away = False
        self.forgotten: list[str] = []
        self.turns: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.gate, self.entered = threading.Event(), threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread = in_background(self._server)

    def stop(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rasa = self

        class Handler(BaseHTTPRequestHandler):
            def handle(self) -> None:
                with suppress(ConnectionError):  # the app was killed
                    super().handle()

            def do_GET(self) -> None:
                self._send(503 if rasa.away else 200, {"status": "ok"})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                signed = signature(rasa.secret, self.headers.get(MOMENT, ""), body)
                if self.headers.get(SIGNATURE) != signed:
                    self._send(401, {"error": "not signed"})
                    return
                rasa.entered.set()
                rasa.gate.wait(20)
                if rasa.away:
                    self._send(503, {"error": "away"})
                    return
                turn = json.loads(body)
                if self.path.endswith("/forget"):
                    rasa.forgotten.append(turn["forget"])
                    self._send(200, {"forgotten": True})
                    return
                rasa.turns.append(turn)
                rasa.headers.append({k.lower(): v for k, v in self.headers.items()})
                self._send(200, {"messages": answer(turn)})

            def _send(self, status: int, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        return Handler
