"""A small OpenID provider and LTI platform on loopback, honest until told otherwise."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from loopback import in_background

CLIENT, SECRET = "milepost", "a-client-secret-of-the-tests"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"


@dataclass
class Provider:
    """Signs id_tokens; `changed` replaces claims, `signer` the key."""

    url: str
    now: datetime
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    signer: RSAKey | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    algorithm: str = "RS256"

    def agree(self, address: str) -> dict[str, str]:
        """Sign the person in, as a page would; return what the browser brings back."""
        asked = {
            name: one[0] for name, one in parse_qs(urlsplit(address).query).items()
        }
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = hashlib.sha256(address.encode()).hexdigest()
        self.asked[code] = asked
        return {"state": asked["state"], "code": code}

    def token(self, nonce: str, **more: Any) -> str:
        """Return a signed id_token."""
        seconds = int(self.now.timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": seconds,
            "exp": seconds + 300,
            "nonce": nonce,
            **self.person,
            **more,
            **self.changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": self.algorithm}, claims, self.signer or self.key)

    def launch(self, address: str, roles: list[str]) -> dict[str, str]:
        """Answer a launch's second step; return what the platform's form sends."""
        asked = {
            name: one[0] for name, one in parse_qs(urlsplit(address).query).items()
        }
        claims = {
            f"{LTI}version": "1.3.0",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}deployment_id": "7",
            f"{LTI}roles": roles,
        }
        token = self.token(asked["nonce"], **claims)
        return {"state": asked["state"], "id_token": token}

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return what stands at an address."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                **self.described,
            }
        if path == "/keys":
            return dict(KeySet([self.key]).as_dict(private=False))
        return None

    def trade(self, form: dict[str, str], login: str) -> dict[str, Any] | None:
        """Return an id_token for a code, once, to the client with its verifier."""
        asked = self.asked.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or proof != asked["code_challenge"]:
            self.refusals.append("code")
        elif login != f"Basic {good}" or form["redirect_uri"] != asked["redirect_uri"]:
            self.refusals.append("client")
        else:
            return {"token_type": "Bearer", "id_token": self.token(asked["nonce"])}
        return None


@contextmanager
def providing(now: datetime) -> Iterator[Provider]:
    """Run a provider on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.give(provider.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: one[0] for name, one in parse_qs(body).items()}
            self.give(provider.trade(form, self.headers.get("authorization", "")))

        def give(self, found: dict[str, Any] | None) -> None:
            self.send_response(400 if found is None else 200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found or {}).encode())

        def log_message(self, format: str, *more: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", now)
    thread = in_background(server)
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
