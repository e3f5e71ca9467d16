"""Certificates: good ones as `cryptography` reads them, bad ones field by field, damaged ones in bounds."""

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
from banner.tls import certificate, der

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC).timestamp()
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


def tlv(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 + len(octets)]) + octets + content


SERIAL = tlv(der.INTEGER, b"\x01\x02")
SIGNATURE = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.840.113549.1.1.5")), b"\x05\x00")


def dn(value: bytes, tag: int = 0x0C, oid: str = "2.5.4.3") -> bytes:
    return tlv(der.SEQUENCE, tlv(der.SET, tlv(der.SEQUENCE, tlv(6, der.oid(oid)), tlv(tag, value))))


def validity(
    start: bytes = b"200101000000Z", end: bytes = b"300101000000Z", tag: int = der.UTC_TIME
) -> bytes:
    return tlv(der.SEQUENCE, tlv(tag, start), tlv(tag, end))


def rsa_key(bits: int) -> bytes:
    numbers = tlv(
        der.SEQUENCE, tlv(der.INTEGER, b"\0" + (1 << bits - 1 | 1).to_bytes(bits // 8)), b"\x02\x01\x03"
    )
    algorithm = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.840.113549.1.1.1")), b"\x05\x00")
    return tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\0" + numbers))


def alternative_names(*names: bytes) -> bytes:
    value = tlv(der.OCTET_STRING, tlv(der.SEQUENCE, *names))
    return tlv(0xA3, tlv(der.SEQUENCE, tlv(der.SEQUENCE, tlv(6, der.oid("2.5.29.17")), value)))


def handmade(
    serial: bytes = SERIAL,
    signature: bytes = SIGNATURE,
    issuer: bytes = dn(b"authority"),
    dates: bytes = validity(),
    subject: bytes = dn(b"a.example"),
    key: bytes = rsa_key(1024),
    extensions: bytes = alternative_names(tlv(0x82, b"a.example")),
) -> bytes:
    """A certificate put together by hand, so that any part of it can be wrong; its signature is none."""
    signed = tlv(
        der.SEQUENCE, b"\xa0\x03\x02\x01\x02", serial, signature, issuer, dates, subject, key, extensions
    )
    return tlv(der.SEQUENCE, signed, SIGNATURE, tlv(der.BIT_STRING, b"\0sig"))


GOOD = certificate.parse(handmade(), NOW)


def but(data: bytes, *lost: str) -> Certificate:
    """Parse `data`; every field is as in the good one but those `lost`. Returned for a closer look."""
    parsed = certificate.parse(data, NOW)
    for field in GOOD.__struct_fields__:
        if field != "sha256" and field not in lost:
            assert getattr(parsed, field) == getattr(GOOD, field), field
    assert parsed.sha256 == hashlib.sha256(data).hexdigest()
    return parsed


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


@pytest.mark.parametrize("serial", [b"\x02\x02\xff\x01", b"\x02\x00", tlv(2, b"\x01" * 65), b"\x04\x01\x01"])
def test_a_malformed_serial_number_costs_the_serial_number(serial: bytes) -> None:
    assert but(handmade(serial=serial), "serial").serial is None


@pytest.mark.parametrize(
    ("end", "tag"),
    [
        (b"301399000000Z", der.UTC_TIME),
        (b"300230000000Z", der.UTC_TIME),
        (b"never", der.UTC_TIME),
        (b"", der.UTC_TIME),
        (b"00000101000000Z", der.GENERALIZED_TIME),
        (b"99991231235959-0100", der.GENERALIZED_TIME),
        (b"\xd9\xa3" * 7, der.GENERALIZED_TIME),
        (b"300101000000Z", der.INTEGER),
    ],
)
def test_an_impossible_date_costs_the_date(end: bytes, tag: int) -> None:
    dates = tlv(der.SEQUENCE, tlv(der.UTC_TIME, b"200101000000Z"), tlv(tag, end))
    parsed = but(handmade(dates=dates), "not_after", "expired")
    assert parsed.not_after is None
    assert parsed.expired is None


@pytest.mark.parametrize(
    ("form", "tag", "moment"),
    [
        (b"500101000000Z", der.UTC_TIME, "1950-01-01T00:00:00Z"),
        (b"491231235959Z", der.UTC_TIME, "2049-12-31T23:59:59Z"),
        (b"3001010000Z", der.UTC_TIME, "2030-01-01T00:00:00Z"),
        (b"300101000000+0130", der.UTC_TIME, "2029-12-31T22:30:00Z"),
        (b"20300101000000.5Z", der.GENERALIZED_TIME, "2030-01-01T00:00:00Z"),
        (b"99991231235959Z", der.GENERALIZED_TIME, "9999-12-31T23:59:59Z"),
        (b"00010101000000Z", der.GENERALIZED_TIME, "0001-01-01T00:00:00Z"),
    ],
)
def test_every_form_of_a_date_is_read(form: bytes, tag: int, moment: str) -> None:
    parsed = but(handmade(dates=validity(form, form, tag)), "not_before", "not_after", "expired")
    assert parsed.not_before == parsed.not_after == moment


def test_a_512_bit_key_is_told() -> None:
    assert but(handmade(key=rsa_key(512)), "key_bits", "spki_sha256").key_bits == 512


def test_a_broken_key_costs_its_size_and_an_unknown_one_has_its_number() -> None:
    rsa_algorithm = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.840.113549.1.1.1")), b"\x05\x00")
    broken = but(
        handmade(key=tlv(der.SEQUENCE, rsa_algorithm, tlv(3, b"\0nonsense"))), "key_bits", "spki_sha256"
    )
    assert broken.key_bits is None
    gost = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.643.7.1.1.1.1")))
    unknown = but(
        handmade(key=tlv(der.SEQUENCE, gost, tlv(3, b"\0k"))), "key_type", "key_bits", "spki_sha256"
    )
    assert (unknown.key_type, unknown.key_bits) == ("1.2.643.7.1.1.1.1", None)
    assert but(handmade(key=b"\x30\x00"), "key_type", "key_bits", "spki_sha256").key_type is None


def test_an_unknown_signature_algorithm_has_its_number() -> None:
    unknown = tlv(der.SEQUENCE, tlv(6, der.oid("1.2.643.7.1.1.3.2")))
    parsed = but(handmade(signature=unknown), "signature_algorithm")
    assert parsed.signature_algorithm == "1.2.643.7.1.1.3.2"


@pytest.mark.parametrize(
    ("value", "tag", "oid", "subject"),
    [
        (b"\xff\xfe", 0x0C, "2.5.4.3", "CN=#0c02fffe"),
        ("Köln".encode("latin-1"), 0x14, "2.5.4.7", "L=Köln"),
        ("日本".encode("utf-16-be"), 0x1E, "2.5.4.3", "CN=日本"),
        (b"\xd8\x00", 0x1E, "2.5.4.3", "CN=#1e02d800"),
        ("日".encode("utf-32-be"), 0x1C, "2.5.4.3", "CN=日"),
        (b"x", 0x0C, "1.2.3.4", "1.2.3.4=#0c0178"),
        (b"\x05", 0x02, "2.5.4.5", "serialNumber=#020105"),
        (b"", 0x0C, "2.5.4.3", "CN="),
        (b" ", 0x0C, "2.5.4.3", "CN=\\ "),
        (b" # ", 0x0C, "2.5.4.3", "CN=\\ #\\ "),
        (b"#", 0x0C, "2.5.4.3", "CN=\\#"),
    ],
)
def test_names_of_any_type_are_written_as_rfc_4514_says(
    value: bytes, tag: int, oid: str, subject: str
) -> None:
    assert but(handmade(subject=dn(value, tag, oid)), "subject").subject == subject


def test_the_relative_names_stand_in_reverse_and_those_of_several_attributes_together() -> None:
    parts = [tlv(der.SEQUENCE, tlv(6, der.oid(f"2.5.4.{n}")), tlv(0x13, b"x")) for n in (3, 10, 11)]
    subject = tlv(der.SEQUENCE, tlv(der.SET, parts[2]), tlv(der.SET, parts[0], parts[1]))
    assert but(handmade(subject=subject), "subject").subject == "CN=x+O=x,OU=x"
    assert but(handmade(subject=b"\x30\x00"), "subject").subject == ""


def test_broken_extensions_cost_the_names() -> None:
    for extensions in (b"\xa3\x02\x30\x7f", b"\xa3\x00", tlv(0xA3, tlv(der.SEQUENCE, b"\x30\x03\x06\x01"))):
        assert but(handmade(extensions=extensions), "names").names == ()


def test_a_broken_alternative_name_costs_itself() -> None:
    names = [tlv(0x82, "ä".encode()), tlv(0x82, b"b.example"), tlv(0x87, b"123"), tlv(0x82, b"x" * 254)]
    assert but(handmade(extensions=alternative_names(*names, b"\x82\x7f")), "names").names == ("b.example",)


def test_lengths_and_numbers_are_bounded() -> None:
    many = alternative_names(*(tlv(0x82, b"%d.example" % n) for n in range(3000)))
    assert len(but(handmade(extensions=many), "names").names) == certificate.MOST_NAMES
    assert but(handmade(subject=dn(b"x" * 5000)), "subject").subject is None
    assert certificate.parse(handmade(subject=dn(b"x" * 70000)), NOW).subject is None
    arcs = tlv(der.SEQUENCE, tlv(6, b"\x81" * 30000 + b"\x01"))
    assert but(handmade(signature=arcs), "signature_algorithm").signature_algorithm is None


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
