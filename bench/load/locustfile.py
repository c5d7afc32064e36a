"""Students who write one message a minute, for locust; `bench.load` starts it.

`LOAD_TOKENS` names a file with one session a line, `LOAD_RESULT` where the answers go:
one row for each message, with the moment and the seconds it took. `LOAD_PACE` is the
seconds from one message of a student to the next.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from itertools import count
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant_pacing, events, task

MESSAGES = (
    *("hi", "what is credit flexibility?", "how am I doing in math?"),
    *("any internships for me?", "thanks", "how does college credit plus work?"),
    *("show me my mastery levels", "what classes should I take next year?"),
    *("are you a bot?", "what are the graduation seals?"),
    *("how far am I in science?", "where can I volunteer on weekends?"),
)
TOKENS = Path(os.environ["LOAD_TOKENS"]).read_text(encoding="ascii").split()
RESULT = Path(os.environ["LOAD_RESULT"])
PACE = float(os.environ.get("LOAD_PACE", "60"))
ROWS: list[dict[str, Any]] = []
NUMBERS = count()


class Student(FastHttpUser):
    """A student with a conversation of their own."""

    wait_time = constant_pacing(PACE)
    network_timeout = connection_timeout = 60.0

    def on_start(self) -> None:
        """Take the next session."""
        self.number = next(NUMBERS) % len(TOKENS)
        self.said = self.number
        self.head = {"authorization": f"Bearer {TOKENS[self.number]}"}

    @task
    def say(self) -> None:
        """Say the next message, and keep how it was answered."""
        key = str(uuid.uuid4())
        text = MESSAGES[self.said % len(MESSAGES)]
        self.said += 1
        body = {"client_message_id": key, "text": text}
        begun, moment = time.perf_counter(), time.time()
        row = {"key": key, "at": moment, "status": 0, "answered": False}
        with self.client.post(
            "/api/v1/messages", json=body, headers=self.head, catch_response=True
        ) as answer:
            row["seconds"] = time.perf_counter() - begun
            row["status"] = answer.status_code
            if answer.status_code == 200:
                row["answered"] = answer.json()["status"] == "answered"
            if row["answered"]:
                answer.success()
            else:
                answer.failure(f"status {answer.status_code}")
        ROWS.append(row)


@events.quitting.add_listener
def write(**given: Any) -> None:
    """Hand the rows over."""
    RESULT.write_text(json.dumps(ROWS), encoding="ascii")
