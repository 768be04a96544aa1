"""The cache enters only a server whose certificate bears its name."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

import pytest
from cache_clients import NOBODY, PATIENT_S, Clock, address, connecting
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from valkey_server import Certificate, valkey_cluster, wait_until

from chirp.servers.cache import Cache


@pytest.mark.slow
class TestTls:
    @pytest.mark.parametrize(("name", "enters"), [("127.0.0.1", True), ("127.0.0.2", False)])
    def test_it_enters_only_where_the_name_is_that_on_the_certificate(
        self, name: str, enters: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = certificate(tmp_path, name)
        with valkey_cluster(certificate=made) as (node,):
            monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
            cache = Cache(*address(node), NOBODY, answer_timeout_s=PATIENT_S, now_s=Clock())
            assert cache.get("a") is None
            wait_until(lambda: not connecting(), "the attempt ends")
            assert cache.standing == enters
            cache.put("a", b"1", 60)
            assert cache.get("a") == (b"1" if enters else None)
            cache.close()


def certificate(directory: Path, address: str) -> Certificate:
    """A certificate for this address, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cache")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    files = Certificate(directory / "certificate.pem", directory / "key.pem", directory / "certificate.pem")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files
