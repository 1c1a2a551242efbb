"""Over TLS, to a name: the connection goes to the checked address, and the certificate must be of the name."""

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dext_connector.outbound.calling import CallFailed, fetch
from tests.receiver import receiving

NAME = "files.dext.example"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and the certificate of NAME that it signs for itself, in one PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def receiver(certificate, monkeypatch):
    """A server of NAME on this machine, to which every name resolves."""
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            host = "127.0.0.1"
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with receiving(tls=context) as receiver:
        receiver.says(200, b"ok")
        yield receiver


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(certificate))


def address(receiver, name: str) -> str:
    return f"https://{name}:{receiver.url.rpartition(':')[2]}/x.pdf"


def test_a_name_is_called_at_its_checked_address_with_its_own_certificate(receiver, trusted):
    assert fetch(address(receiver, NAME), most_bytes=10).content == b"ok"
    assert receiver.calls[0].headers["Host"].startswith(f"{NAME}:")


def test_a_certificate_of_another_name_is_refused(receiver, trusted):
    with pytest.raises(CallFailed, match="certificat"):
        fetch(address(receiver, "other.dext.example"), most_bytes=10)
    assert receiver.calls == []


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver):
    with pytest.raises(CallFailed, match="certificat"):
        fetch(address(receiver, NAME), most_bytes=10)
    assert receiver.calls == []
