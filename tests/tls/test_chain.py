"""A chain as it was sent, and whether its own certificate is for who was asked."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from banner.tls import chain
from banner.tls.certificate import MOST_NAMES
from banner.tls.server_flight import MOST_CERTIFICATES

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("a.example", True),
        ("A.Example.", True),
        ("x.a.example", False),
        ("x.b.example", True),
        ("y.x.b.example", False),
        ("b.example", False),
        ("xn--bcher-kva.c.example", True),
        ("b\u00fccher.c.example", True),
        ("192.0.2.1", True),
        ("192.0.2.2", False),
        ("2001:db8:0::1", True),
        ("fe80::1%eth0", True),
        ("example", False),
        ("", False),
    ],
)
def test_whether_the_name_asked_for_is_in_it(host: str, covered: bool) -> None:
    names = (
        "a.example",
        "*.B.example",
        "b\u00fccher.d.example",
        "xn--bcher-kva.c.example",
        "192.0.2.1",
        "2001:db8::1",
    )
    assert chain.covers((*names, "fe80::1", "*"), host) is covered


def handmade(name: str, names: tuple[str, ...]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    start = datetime(2026, 1, 1, tzinfo=UTC)
    built = built.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(90))
    alternative = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
    signed = built.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


OWN, OTHER = handmade("a.example", ("a.example",)), handmade("authority", ())


def test_a_chain_is_told_in_its_order_with_its_own_first() -> None:
    found = chain.read([OWN, OTHER, b"junk"], NOW, "a.example")
    assert found is not None
    assert (found.subject, found.name_matches) == ("CN=a.example", True)
    assert [one.sha256 for one in found.chain] == [
        hashlib.sha256(data).hexdigest() for data in (OWN, OTHER, b"junk")
    ]
    assert [one.subject for one in found.chain] == ["CN=a.example", "CN=authority", None]
    days = (found.chain[1].not_before, found.chain[1].not_after)
    assert days == ("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")


@pytest.mark.parametrize(
    ("data", "host", "matches"),
    [
        (OWN, "b.example", False),
        (OWN, "", None),
        (b"junk", "a.example", None),
        (OTHER, "authority", False),
        (handmade("many", tuple(f"{n}.example" for n in range(MOST_NAMES + 1))), "1.example", True),
        (
            handmade("many", tuple(f"{n}.example" for n in range(MOST_NAMES + 1))),
            f"{MOST_NAMES}.example",
            None,
        ),
    ],
)
def test_what_cannot_be_known_of_the_name_is_absent(data: bytes, host: str, matches: bool | None) -> None:
    found = chain.read([data], NOW, host)
    assert found is not None
    assert found.name_matches is matches


def test_no_certificate_is_no_chain_and_a_long_one_is_cut() -> None:
    assert chain.read([], NOW, "a.example") is None
    found = chain.read([OWN] * (MOST_CERTIFICATES + 1), NOW, "a.example")
    assert found is not None
    assert len(found.chain) == MOST_CERTIFICATES
