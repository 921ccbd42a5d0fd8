"""Mail goes out encrypted, to a server whose certificate is good, and to no other."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.alerts import Channel, Delivery
from slugline.alerts.channels import Mail
from slugline.alerts.message import Message
from slugline.alerts.post import UndeliveredError
from slugline.setting_sections import AlertSettings
from tests.slugline.alerts.receivers import MailBox, mail_server


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine's address, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def served(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def send(box: MailBox, security: str, host: str = "127.0.0.1") -> None:
    settings = AlertSettings(
        smtp_host=host,
        smtp_port=box.port,
        smtp_security=security,
        mail_from="news@slugline.example",
    )
    now = datetime.now(UTC)
    delivery = Delivery(1, "key", Channel.MAIL, "ada@example.org", now, 1, test=True)
    Mail(settings).send(delivery, Message("key", now))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_sent_encrypted_to_a_server_that_is_trusted(
    certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(security, served(certificate)) as box:
        send(box, security)
        assert [mail["To"] for mail in box.mails] == ["ada@example.org"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_not_sent_to_a_server_whose_certificate_is_not_good(
    certificate: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(security, served(certificate)) as box:
        with pytest.raises(UndeliveredError, match="certificate"):
            send(box, security)  # signed by itself, and not known here
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(UndeliveredError, match="certificate"):
            send(box, security, host="localhost")  # known, but of another name
        assert box.mails == []


def test_mail_is_not_sent_in_the_open_where_tls_is_asked_for(certificate: Path) -> None:
    """A server without STARTTLS, or one in the middle that takes the offer away."""
    with mail_server() as box:
        with pytest.raises(UndeliveredError, match="STARTTLS"):
            send(box, "starttls")
        assert box.mails == []
