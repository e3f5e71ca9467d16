"""Certificates: good ones as `cryptography` reads them, damaged ones as far as they can be read."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from banner.models import Certificate
from banner.tls import certificate
from tests.tls.certificates import NOW, SERIAL, but, dn, handmade, rsa_key

YEAR_2000 = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
KEYS: dict[str, CertificateIssuerPrivateKeyTypes] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "ecdsa 521": ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ed448": ed448.Ed448PrivateKey.generate(),
    "dsa": dsa.generate_private_key(1024),
}
ODD = 'Weiß, Schwarz + "Rot" <grün>; \\ = # 日本\0 '


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ODD),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@b.example"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def issue(
    key: str = "ecdsa",
    subject: str = "a.example",
    issuer: str = "authority",
    signer_id: bytes = b"own",
    pss: padding.PSS | None = None,
) -> bytes:
    """A certificate in DER form, signed by its own key whatever its issuer's name."""
    signer = KEYS[key]
    digest = None if key.startswith("ed") else hashes.SHA256()
    alternative: list[x509.GeneralName] = [
        x509.DNSName("a.example"),
        x509.RFC822Name("a@b.example"),
        x509.DNSName("*.b.example"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(signer.public_key())
        .serial_number(0xF00D << 100)
        .not_valid_before(YEAR_2000)
        .not_valid_after(datetime.datetime(2060, 2, 29, 12, 30, 15, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.SubjectKeyIdentifier(b"own"), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(signer_id, None, None), critical=False)
    )
    return builder.sign(signer, digest, rsa_padding=pss).public_bytes(Encoding.DER)


def test_the_handmade_one_is_whole() -> None:
    assert certificate.parse(handmade(), NOW) == Certificate(
        sha256=hashlib.sha256(handmade()).hexdigest(),
        subject="CN=a.example",
        names=("a.example",),
        issuer="CN=authority",
        not_before="2020-01-01T00:00:00Z",
        not_after="2030-01-01T00:00:00Z",
        self_signed=False,
        expired=False,
        key_type="rsa",
        key_bits=1024,
        signature_algorithm="sha1WithRSAEncryption",
        serial="0102",
        spki_sha256=hashlib.sha256(rsa_key(1024)).hexdigest(),
    )


@pytest.mark.parametrize("key", KEYS)
def test_good_certificates_read_as_cryptography_reads_them(key: str) -> None:
    data = issue(key)
    parsed, other = certificate.parse(data, NOW), x509.load_der_x509_certificate(data)
    descriptors = {NameOID.EMAIL_ADDRESS: "emailAddress"}
    public = other.public_key()
    assert parsed == Certificate(
        sha256=other.fingerprint(hashes.SHA256()).hex(),
        subject=other.subject.rfc4514_string(descriptors),
        names=("a.example", "*.b.example", "192.0.2.1", "2001:db8::1"),
        issuer=other.issuer.rfc4514_string(descriptors),
        not_before=other.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        not_after=other.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        self_signed=False,
        expired=False,
        key_type=key.partition(" ")[0],
        key_bits={"ed25519": 256, "ed448": 456}.get(key) or getattr(public, "key_size", 0),
        signature_algorithm=other.signature_algorithm_oid._name,
        serial=f"0{other.serial_number:x}",
        spki_sha256=hashlib.sha256(
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).hexdigest(),
    )


def test_a_pss_signature_has_its_name() -> None:
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    parsed = certificate.parse(issue("rsa", pss=pss), NOW)
    assert (parsed.signature_algorithm, parsed.key_type, parsed.key_bits) == ("rsassaPss", "rsa", 2048)


def test_self_signed_is_told_by_the_names_and_the_key_identifiers() -> None:
    assert certificate.parse(issue(subject="a", issuer="a"), NOW).self_signed is True
    assert certificate.parse(issue(subject="a", issuer="a", signer_id=b"other"), NOW).self_signed is False
    assert but(handmade(issuer=dn(b"a.example")), "issuer", "self_signed").self_signed is True


def test_expired_is_told_at_the_time_of_the_grab_though_the_fields_are_kept() -> None:
    end = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC).timestamp()
    assert [certificate.parse(handmade(), end + later).expired for later in (-1, 0, 1)] == [
        False,
        False,
        True,
    ]


def test_what_stands_before_the_end_is_had_of_a_certificate_that_breaks_off() -> None:
    data = handmade()
    seen = [certificate.parse(data[:cut], NOW) for cut in range(len(data))]
    assert [s.serial for s in seen].index("0102") == data.index(SERIAL) + len(SERIAL)
    fields = ("serial", "signature_algorithm", "issuer", "not_after", "subject", "key_bits", "names")
    first = [next(n for n, s in enumerate(seen) if getattr(s, field)) for field in fields]
    assert first == sorted(first)
    assert seen[-1].names == ("a.example",)


def test_other_bytes_have_a_fingerprint_and_nothing_else() -> None:
    for data in (b"", b"0", b"\x30\x80\x00\x00", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(1000)):
        assert certificate.parse(data, NOW) == Certificate(hashlib.sha256(data).hexdigest())


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=8),
    st.sampled_from(["ecdsa", "rsa"]),
)
def test_damage_anywhere_raises_nothing_and_ends_soon(damage: list[tuple[int, int]], key: str) -> None:
    data = bytearray(DAMAGED[key])
    for at, octet in damage:
        data[at % len(data)] = octet
    began = time.process_time()
    parsed = certificate.parse(bytes(data), NOW)
    assert time.process_time() - began < 0.1
    assert parsed.sha256


DAMAGED = {key: issue(key) for key in ("ecdsa", "rsa")}
