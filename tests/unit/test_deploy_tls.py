"""nginx ends TLS as the files in deploy/ say (ASVS 4.1.2, 12.1.1, 12.1.2, 12.2.1)."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loopback import in_background

from pathways.cli.doctor import why_not_trusted

FOLDER = Path(__file__).parents[2] / "deploy" / "nginx"
HOST = "127.0.0.1"
LIES = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"}
pytestmark = pytest.mark.skipif(
    not shutil.which("nginx"), reason="nginx is not installed"
)


class Told(BaseHTTPRequestHandler):
    """Stands where the app stands, and repeats what it was told of the outside."""

    def do_GET(self) -> None:
        names = ("X-Forwarded-Proto", "X-Forwarded-For")
        told = " ".join(self.headers.get(name, "") for name in names).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """Start nginx with both files before a stand-in; yield its ports and folder."""
    folder = tmp_path_factory.mktemp("tls")
    certificate(folder)
    app = ThreadingHTTPServer((HOST, 0), Told)
    in_background(app)
    secure, plain = free_port(), free_port()
    given = {
        "LISTEN": f"{HOST}:{secure} ssl",
        "INSIDE": f"{HOST}:{free_port()}",
        "PLAIN": f"{HOST}:{plain}",
        "APPS": f"server {HOST}:{app.server_address[1]};",
        "CERTIFICATE": str(folder / "cert.pem"),
        "CERTIFICATE_KEY": str(folder / "key.pem"),
    }
    text = "".join(one.read_text() for one in sorted(FOLDER.glob("*.template")))
    for name, value in given.items():
        text = text.replace(f"${{MILEPOST_{name}}}", value)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr warn; events {{}}"
        f"http {{ access_log off; {places}\n{text}\n}}"
    )
    command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(file)]
    nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for port in (secure, plain):
            until_open(port)
        yield secure, plain, folder
    finally:
        nginx.terminate()
        nginx.wait()
        app.shutdown()
        app.server_close()


def until_open(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.05)


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "cert.pem"))


def spoken(port: int, context: ssl.SSLContext) -> tuple[str, str]:
    with (
        socket.create_connection((HOST, port), 5) as bare,
        context.wrap_socket(bare, server_hostname=HOST) as found,
    ):
        return str(found.version()), str((found.cipher() or ("",))[0])


def test_old_versions_and_old_ciphers_are_refused(
    ports: tuple[int, int, Path],
) -> None:
    secure, _, folder = ports
    newest = trusting(folder)
    assert spoken(secure, newest)[0] == "TLSv1.3"
    only_two = trusting(folder)
    only_two.maximum_version = ssl.TLSVersion.TLSv1_2
    version, cipher = spoken(secure, only_two)
    assert version == "TLSv1.2"
    assert cipher.startswith("ECDHE") and ("GCM" in cipher or "POLY1305" in cipher)
    weak = trusting(folder)
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        spoken(secure, weak)
    with pytest.warns(DeprecationWarning):
        old = trusting(folder)
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        spoken(secure, old)


def test_the_app_learns_the_truth_whatever_people_say_of_themselves(
    ports: tuple[int, int, Path],
) -> None:
    """ASVS 4.1.3, 15.3.4: forwarded headers come from the proxy alone."""
    secure, _, folder = ports
    asked = http.client.HTTPSConnection(HOST, secure, context=trusting(folder))
    asked.request("GET", "/sign-in", headers=LIES)
    assert asked.getresponse().read() == f"https {HOST}".encode()
    asked.close()


def test_the_doctor_says_what_is_wrong_with_a_certificate(
    ports: tuple[int, int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 12.2.2."""
    secure, plain, folder = ports
    assert "not trusted" in why_not_trusted(f"https://{HOST}:{secure}")
    assert "could not be reached" in why_not_trusted(f"https://{HOST}:{plain}")
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
    assert "runs out in 0 days" in why_not_trusted(f"https://{HOST}:{secure}")
    monkeypatch.setattr("pathways.cli.doctor.FEW_DAYS", 0)
    assert why_not_trusted(f"https://{HOST}:{secure}") == ""


@pytest.mark.parametrize(
    ("path", "status", "goes_to"),
    [
        ("/sign-in?next=/plan", 308, f"https://{HOST}/sign-in?next=/plan"),
        ("/api/v1/plan", 403, None),
        ("/internal/actions", 404, None),
    ],
)
def test_plain_http_serves_nothing_and_redirects_pages_alone(
    path: str, status: int, goes_to: str | None, ports: tuple[int, int, Path]
) -> None:
    asked = http.client.HTTPConnection(HOST, ports[1])
    asked.request("GET", path)
    answer = asked.getresponse()
    assert (answer.status, answer.headers.get("location")) == (status, goes_to)
    asked.close()
