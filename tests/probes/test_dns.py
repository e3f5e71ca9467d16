"""DNS: codes, texts, and names that never end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import identify, probes

from .conversation import Played, play, server
from .recordings import everything

DNS = probes.get("dns")
NAME = b"\x07version\x04bind\x00"
ASKED = NAME + b"\x00\x10\x00\x03"


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message


def answer(flags: int, rest: bytes, counts: bytes = b"\0\1\0\1\0\0\0\0") -> Played:
    return play(DNS, [server(framed(b"\0\x1c" + flags.to_bytes(2, "big") + counts + rest))], strict=False)


def test_the_question() -> None:
    sent = bytes(play(DNS, [], strict=False).wire.sent)
    assert sent == framed(b"\0\x1c\0\0\0\1\0\0\0\0\0\0" + ASKED)


@pytest.mark.parametrize(
    ("flags", "name"), [(0x8005, "REFUSED"), (0x8004, "NOTIMP"), (0x8581, "FORMERR"), (0x8009, "9")]
)
def test_a_refusal_is_an_answer(flags: int, name: str) -> None:
    played = answer(flags, ASKED, b"\0\1\0\0\0\0\0\0")
    assert played.service is not None
    assert played.wire.details == {"rcode": name}


def test_the_text_is_found_behind_other_records() -> None:
    alias = b"\xc0\x0c\x00\x05\x00\x03\0\0\0\0\x00\x02\xc0\x0c"
    record = NAME + b"\x00\x10\x00\x03\0\0\0\0\x00\x0a\x09unbound 1"
    assert (
        answer(0x8400, ASKED + alias + record, b"\0\1\0\2\0\0\0\0").wire.details["version_bind"]
        == "unbound 1"
    )


@pytest.mark.parametrize(
    "rest", [b"", b"\x3f", b"\xc0", ASKED, ASKED + b"\xc0\x0c\x00\x10\x00\x03\0\0\0\0\xff\xff\x05abc"]
)
def test_a_message_that_is_cut_inside_is_a_name_server_without_a_version(rest: bytes) -> None:
    played = answer(0x8400, rest, b"\xff\xff\xff\xff\0\0\0\0")
    assert played.service is not None
    assert "version_bind" not in played.wire.details


@given(st.binary(max_size=300))
def test_any_message_is_survived(rest: bytes) -> None:
    assert answer(0x8400, rest).service is not None


@pytest.mark.parametrize(
    "said",
    [
        framed(b"ba\x00\x00" + bytes(8)),  # a query: an echo
        framed(b"xx\x84\x00" + bytes(8)),  # another number
        framed(b"ba\xa8\x00" + bytes(8)),  # an update's answer
        b"\x00\x03ba\x84",  # too short for a header
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_no_answer_is_not_claimed(said: bytes) -> None:
    assert play(DNS, [server(said)], strict=False).service is None


def test_the_rules_read_the_version_from_one_answer_and_from_two() -> None:
    for recording in everything()["dns"]:
        service = identify(recording.said())
        assert service is not None
        assert service.version is not None
