"""The channels of alerts: each turns a message into what its receiver takes, and sends it.

Webhooks are signed as Standard Webhooks has it (https://www.standardwebhooks.com): HMAC-SHA256 over
id, timestamp and body, with the secret that the alert shows. Mail is RFC 5322 over SMTP; a message
has the same Message-ID at every attempt. ntfy is told by its JSON form.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote

from models.alerts import Channel, Delivery
from models.errors import ConfigError
from slugline.alerts.message import Message, as_json, as_text, subject_of
from slugline.alerts.post import Poster, UndeliveredError
from slugline.setting_sections import AlertSettings

SMTP_SECONDS = 20.0
NTFY_LONGEST = 3_500
"""Bytes of an ntfy message; what is longer than 4,096 becomes an attachment there."""
_PERMANENT = 500
"""SMTP answers from here on say that trying again makes no sense (RFC 5321, 4.2.1)."""


class Sender(Protocol):
    """A channel. `send` raises UndeliveredError where the receiver did not take the message."""

    def send(self, delivery: Delivery, message: Message) -> None:
        """Send a message, and return once its receiver has taken it."""


class Webhook:
    """Posts a message as signed JSON."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def send(self, delivery: Delivery, message: Message) -> None:
        """Send a message; the timestamp that is signed is that of the attempt."""
        body = json.dumps(as_json(message), ensure_ascii=False).encode()
        signed = signature(delivery.secret, delivery.key, datetime.now(UTC), body)
        self._poster.post(delivery.target, body, {"Content-Type": "application/json", **signed})


def signature(secret: str, key: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers that sign a body."""
    stamp = str(int(now.timestamp()))
    seed = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(seed, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


class Ntfy:
    """Publishes a message to a topic of an ntfy server; the secret is an access token."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def send(self, delivery: Delivery, message: Message) -> None:
        """Send a message; what is too long for a notification is cut."""
        server, _, topic = delivery.target.partition("?")[0].rstrip("/").rpartition("/")
        text = as_text(message).encode()
        if len(text) > NTFY_LONGEST:
            text = text[:NTFY_LONGEST] + " …".encode()
        payload = {
            "topic": unquote(topic),
            "title": subject_of(message),
            "message": text.decode(errors="ignore"),
            "tags": ["newspaper"],
        }
        if message.pages:
            payload["click"] = f"{message.pages.rstrip('/')}/alerts"
        headers = {"Content-Type": "application/json"}
        if delivery.secret:
            headers["Authorization"] = f"Bearer {delivery.secret}"
        body = json.dumps(payload, ensure_ascii=False).encode()
        self._poster.post(f"{server}/", body, headers)


class Mail:
    """Sends mail by the server that settings name."""

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        if settings.smtp_security not in {"starttls", "tls", "none"}:
            raise ConfigError("alerts.smtp_security is one of starttls, tls, none.")

    def send(self, delivery: Delivery, message: Message) -> None:
        """Send a message; the server has taken it once this returns."""
        here = self._settings
        if not here.smtp_host or not here.mail_from:
            raise UndeliveredError(
                "there is no mail server: set alerts.smtp_host and alerts.mail_from"
            )
        mail = written(message, delivery.target, here.mail_from)
        try:
            with self._connection() as server:
                if here.smtp_security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if here.smtp_user:
                    server.login(here.smtp_user, here.smtp_password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, reason),) = error.recipients.values()
            raise UndeliveredError(_said(code, reason), final=code >= _PERMANENT) from None
        except smtplib.SMTPAuthenticationError:
            raise UndeliveredError("the mail server does not know this user and password") from None
        except smtplib.SMTPResponseException as error:
            raise UndeliveredError(_said(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise UndeliveredError(f"the mail server did not take it ({error})") from None

    def _connection(self) -> smtplib.SMTP:
        host, port = self._settings.smtp_host, self._settings.smtp_port
        if self._settings.smtp_security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
        return smtplib.SMTP(host, port, timeout=SMTP_SECONDS)


def written(message: Message, to: str, sender: str) -> EmailMessage:
    """Return a message as mail; the same Message-ID whenever it is written."""
    mail = EmailMessage()
    mail["Subject"] = subject_of(message)
    mail["From"] = Address("Slugline", addr_spec=sender)
    mail["To"] = to
    mail["Date"] = format_datetime(message.made)
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if message.pages:
        mail["List-Unsubscribe"] = f"<{message.pages.rstrip('/')}/alerts>"
    mail.set_content(as_text(message))
    return mail


def _said(code: int, reason: bytes | str) -> str:
    words = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return f"the mail server answered {code} {' '.join(words.split())[:200]}"


def open_senders(settings: AlertSettings, poster: Poster) -> dict[Channel, Sender]:
    """Return the sender of each channel; raises ConfigError."""
    return {
        Channel.MAIL: Mail(settings),
        Channel.WEBHOOK: Webhook(poster),
        Channel.NTFY: Ntfy(poster),
    }
