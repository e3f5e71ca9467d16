"""MongoDB: what the two commands are, old servers, kin, and damaged documents."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import probes
from banner.probes._bson import document
from banner.probes._cursor import CutShortError

from .conversation import Played, play, server

MONGODB = probes.get("mongodb")
HELLO, BUILD = 0x62616E01, 0x62616E02


def text(name: bytes, value: bytes) -> bytes:
    return b"\x02" + name + b"\0" + struct.pack("<i", len(value) + 1) + value + b"\0"


def doc(*fields: bytes) -> bytes:
    body = b"".join(fields) + b"\0"
    return struct.pack("<i", len(body) + 4) + body


def message(to: int, body: bytes, code: int = 2013) -> bytes:
    return struct.pack("<iiii", 21 + len(body), 7, to, code) + bytes(4) + b"\0" + body


def both(hello: bytes, build: bytes) -> Played:
    return play(MONGODB, [server(message(HELLO, hello) + message(BUILD, build))], strict=False)


def test_the_commands() -> None:
    sent = bytes(play(MONGODB, [], strict=False).wire.sent)
    length, number, to, code = struct.unpack("<iiii", sent[:16])
    assert (number, to, code) == (HELLO, 0, 2013)
    assert document(sent[21:length]) == {"hello": 1, "$db": "admin"}
    assert document(sent[length + 21 :]) == {"buildInfo": 1, "$db": "admin"}


def test_a_server_before_hello_still_tells_its_version() -> None:
    played = both(doc(text(b"codeName", b"CommandNotFound")), doc(text(b"version", b"3.6.23")))
    assert played.service is not None
    assert played.service.version == "3.6.23"
    assert played.wire.details == {"error": "CommandNotFound"}


def test_a_kin_that_says_so_is_not_mongodb() -> None:
    kin = doc(text(b"version", b"7.0.42"), b"\x03ferretdb\0" + doc(text(b"version", b"v1.20.1")))
    service = both(doc(), kin).service
    assert service is not None
    assert (service.product, service.version) == ("FerretDB", None)


def test_a_version_that_is_no_text_is_left_out() -> None:
    service = both(doc(), doc(b"\x10version\0\1\0\0\0")).service
    assert service is not None
    assert service.product is None


@pytest.mark.parametrize(
    "said",
    [
        message(1, doc()),  # an answer to somebody else
        message(HELLO, doc(), code=1),
        b"4\0\0\0\x01nab\0\0\0\0\xdd\x07\0\0" + bytes(36),  # an echo
        b"\x0a\0\0\0\x0a8.0.36\0" + bytes(20),
        b"HTTP/1.0 200 OK\r\n\r\nIt looks like you are trying to access MongoDB over HTTP",
    ],
)
def test_what_is_no_answer_is_not_claimed(said: bytes) -> None:
    assert play(MONGODB, [server(said)], strict=False).service is None


def test_every_plain_type_is_read() -> None:
    fields = [
        b"\x01d\0" + struct.pack("<d", 1.5), b"\x01nan\0" + struct.pack("<d", float("nan")), text(b"s", b"v"),
        b"\x04a\0" + doc(text(b"0", b"x"), b"\x101\0\1\0\0\0"), b"\x05b\0\2\0\0\0\0ab", b"\x07o\0" + bytes(12),
        b"\x08t\0\1", b"\x09m\0" + bytes(8), b"\x0an\0", b"\x10i\0\xff\xff\xff\xff", b"\x11ts\0" + bytes(8),
        b"\x12l\0" + struct.pack("<q", -5), b"\x13dec\0" + bytes(16),
    ]  # fmt: skip
    assert document(doc(*fields)) == {"d": 1.5, "s": "v", "a": ["x"], "t": True, "i": -1, "l": -5}


def test_documents_inside_documents_end_somewhere() -> None:
    inner = doc()
    for _ in range(500):
        inner = doc(b"\x03d\0" + inner)
    assert document(inner)


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x05\0\0\0\x02", doc(b"\x42x\0")])
def test_what_is_no_document_is_an_error(data: bytes) -> None:
    with pytest.raises(CutShortError):
        document(data)


@given(st.binary(min_size=5, max_size=200))
def test_any_document_is_survived(body: bytes) -> None:
    assert both(body, body).wire.found is not None
