"""Each field of a certificate by itself: what is wrong with one costs that one."""

from __future__ import annotations

import pytest

from banner.tls import certificate, der
from tests.tls.certificates import NOW, alternative_names, but, dn, handmade, rsa_key, tlv, validity


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
