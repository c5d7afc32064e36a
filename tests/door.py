"""The door of the product, with a coach that says what a test wants."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from little_school import LittleSchool

from pathways.services.buttons import Reply
from pathways.services.messages import Message
from pathways.store.models import SignIn
from web.app import create_app
from web.deps import COOKIE
from web.gateway import Gateway
from web.rasa_client import AssistantAway, RasaClient


@dataclass
class Coach:
    """Stands where Rasa's client stands; `away` makes it give no answer."""

    away: bool = False
    replies: list[Reply] = field(default_factory=lambda: [{"text": "Hello."}])
    turns: list[Message] = field(default_factory=list)

    async def turn(self, message: Message, now: datetime) -> list[Reply]:
        self.turns.append(message)
        if self.away:
            raise AssistantAway("away")
        return [dict(reply) for reply in self.replies]

    async def ready(self) -> bool:
        return not self.away

    async def workers(self) -> list[bool]:
        return [not self.away]


@dataclass
class Door:
    """The app as somebody outside meets it."""

    client: TestClient
    little: LittleSchool
    coach: Coach
    _secrets: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> FastAPI:
        return cast(FastAPI, self.client.app)

    def secret(self, name: str) -> str:
        if name not in self._secrets:
            self._secrets[name] = self._signed_in(name)
        return self._secrets[name]

    def _signed_in(self, name: str) -> str:
        """Open a session without the password, whose check takes its time."""
        secret, now = secrets.token_urlsafe(32), self.little.clock()
        with self.little.milepost.work() as work:
            work.people.add(
                SignIn(
                    id=hashlib.sha256(secret.encode()).hexdigest(),
                    person_id=self.little[name].id,
                    started_at=now,
                    seen_at=now,
                )
            )
            work.commit()
        return secret

    def api(self, name: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Call the API as somebody, or as nobody where the name is empty."""
        headers = {"authorization": f"Bearer {self.secret(name)}"} if name else {}
        headers |= more.pop("headers", {})
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def say(self, name: str, text: object, key: str = "") -> httpx.Response:
        """Say something to the coach."""
        said = {"client_message_id": key or str(uuid.uuid4()), "text": text}
        return self.api(name, "POST", "/messages", json=said)

    def page(self, name: str, method: str, path: str, **form: str) -> httpx.Response:
        """Ask for a page, or send a form with the token of the session."""
        secret = self.secret(name) if name else ""
        self.client.cookies.clear()
        if secret:
            self.client.cookies.set(COOKIE, secret)
        if method == "GET":
            return self.client.get(path, follow_redirects=False)
        fields = {"csrf": self.csrf(secret), **form}
        return self.client.post(path, data=fields, follow_redirects=False)

    def csrf(self, secret: str) -> str:
        key = self.little.milepost.settings.session_secret.encode()
        return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()


@contextmanager
def opened(little: LittleSchool) -> Iterator[Door]:
    """Open the app on two small schools, with a coach of the test's own."""
    app = create_app(little.milepost)
    with TestClient(app, raise_server_exceptions=False) as client:
        coach = Coach()
        app.state.gateway = Gateway(little.milepost, cast(RasaClient, coach))
        yield Door(client, little, coach)
