"""Whole records up to a certificate, and what their length proves: whether a question for ours can have come."""

from __future__ import annotations

import pytest

from banner.tls.records import Records, encrypted

SUITE = "TLS_AES_128_GCM_SHA256"
CERTIFICATE = bytes(800)
NO_EXTENSIONS, REQUEST = 6, 15
MESSAGE = 4 + 1 + 3 + 3 + len(CERTIFICATE) + 2


def record(kind: int, length: int) -> bytes:
    return bytes([kind, 3, 3]) + length.to_bytes(2) + bytes(length)


def sealed(*lengths: int, seal: int = 17) -> Records:
    """Encrypted records that hold so much, taken."""
    records = Records()
    for length in lengths:
        records.feed(record(23, length + seal))
        assert records.take()
    return records


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_records_come_whole(size: int) -> None:
    sent = [record(22, 90), record(20, 1), record(23, 40)]
    came, records, taken = b"".join(sent) + b"\x17\3\3", Records(), []
    for at in range(0, len(came), size):
        records.feed(came[at : at + size])
        while one := records.take():
            taken.append(one)
    assert taken == (sent if size < 9 else [b"".join(sent)])
    assert records.rest() == b"\x17\3\3"
    assert records.take() == records.rest() == b""


def test_they_stop_behind_what_may_be_a_certificate() -> None:
    before = record(22, 90) + record(20, 1) + record(23, 40)
    certificate, question, proof = record(23, 800), record(23, 1200), record(23, 281) + record(23, 53)
    records = Records()
    records.feed(before + question + certificate + proof)
    assert [records.take() for _ in range(3)] == [before + question, certificate, record(23, 281)]
    assert records.take() == record(23, 53)


def test_what_is_no_record_comes_behind_those_that_are() -> None:
    records = Records()
    records.feed(record(22, 90) + b"HTTP/1.1 400")
    assert [records.take(), records.take(), records.take()] == [record(22, 90), b"HTTP/1.1 400", b""]


@pytest.mark.parametrize(
    "data", [b"H", b"HTTP/1.1 400", b"\x15\0\0\0\2\2\x28", b"\x16\3\3\xff\xff\0", b"\x80\x2e\1\0\2"]
)
def test_what_is_no_record_comes_as_it_is(data: bytes) -> None:
    records = Records()
    records.feed(data)
    assert records.take() == data


def test_certificates_alone_leave_no_room_for_a_question() -> None:
    assert sealed(NO_EXTENSIONS, MESSAGE).asked_nothing([CERTIFICATE], None, SUITE)
    assert sealed(NO_EXTENSIONS + 4 + 15, MESSAGE).asked_nothing([CERTIFICATE], "http/1.1", SUITE)
    assert sealed(NO_EXTENSIONS, MESSAGE, seal=9).asked_nothing(
        [CERTIFICATE], None, "TLS_AES_128_CCM_8_SHA256"
    )


@pytest.mark.parametrize(
    "lengths",
    [
        (NO_EXTENSIONS, REQUEST, MESSAGE),
        (NO_EXTENSIONS + REQUEST, MESSAGE),
        (NO_EXTENSIONS, REQUEST + MESSAGE),
    ],
)
def test_the_shortest_question_is_not_overlooked(lengths: tuple[int, ...]) -> None:
    assert not sealed(*lengths).asked_nothing([CERTIFICATE], None, SUITE)
    short = sealed(*lengths, seal=9)
    assert not short.asked_nothing([CERTIFICATE], None, "TLS_AES_128_CCM_8_SHA256")
    assert not short.asked_nothing([CERTIFICATE], None, None)


def test_without_certificates_nothing_is_known() -> None:
    assert not sealed(NO_EXTENSIONS).asked_nothing([], None, SUITE)
    assert not sealed(NO_EXTENSIONS, 3 * MESSAGE).asked_nothing([CERTIFICATE], None, SUITE)


def test_encrypted_octets_are_counted() -> None:
    assert encrypted(record(20, 1) + record(23, 53) + record(22, 9) + record(23, 40)) == 93
