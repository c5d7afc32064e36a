"""Sends a notice by e-mail, with the standard library's SMTP client."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from pathways.senders.message import Notice, NotSent

SECONDS = 10.0
PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def send_mail(notice: Notice, server: str, sender: str) -> None:
    """Hand a notice to the mail server.

    The connection is encrypted, with the server's certificate checked, unless the
    server runs on this machine.

    Raises:
        NotSent: no server is set, it can't be reached, or it refuses.
    """
    if not server or not sender:
        raise NotSent("no_mail_server")
    try:
        with _connected(server) as client:
            client.send_message(_message(notice, sender))
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("address_refused") from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent("mail_login_refused") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"mail_{type(error).__name__}") from None


def _connected(server: str) -> smtplib.SMTP:
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    secure = ssl.create_default_context()
    client: smtplib.SMTP
    if parts.scheme == "smtps":
        client = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
    else:
        client = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if parts.scheme == "smtp" and host not in THIS_MACHINE:
            client.starttls(context=secure)
        if parts.username:
            client.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        client.close()
        raise
    return client


def _message(notice: Notice, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, notice.address
    message["Subject"] = notice.subject
    message["Message-ID"] = f"<{notice.id}@milepost.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Priority"] = "1"
    message.set_content(notice.text)
    return message
