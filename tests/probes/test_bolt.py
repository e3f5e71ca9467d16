"""Bolt's versions, and what PackStream holds."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.probes import _packstream
from banner.probes._cursor import Cursor, CutShortError

from .conversation import play, server
from .recordings.bolt import SUCCESS, chunked

BOLT = probes.get("bolt")
NEW = b"\0\0\4\5"


@pytest.mark.parametrize("version", [b"\0\0\0\3", b"\0\0\1\4", b"\0\0\2\4", b"\0\0\4\4", b"\0\0\0\5"])
def test_where_hello_is_a_login_it_is_not_said(version: bytes) -> None:
    played = play(BOLT, [server(version)], strict=False)
    assert played.service is not None
    assert bytes(played.wire.sent) == b"\x60\x60\xb0\x17" + bytes.fromhex(
        "00080805 00020404 00000104 00000003"
    )
    assert played.wire.details == {"protocol_version": f"{version[3]}.{version[2]}"}


def test_no_login_is_ever_said() -> None:
    played = play(BOLT, [server(NEW), server(chunked(SUCCESS))], strict=False)
    assert played.service is not None
    for word in (b"scheme", b"principal", b"credentials", b"\x6a"):  # 0x6A is LOGON
        assert word not in played.wire.sent


@pytest.mark.parametrize(
    ("name", "product", "version"),
    [
        (b"\x8cNeo4j/5.13.0", "Neo4j", "5.13.0"),
        (b"\xd0\x3dNeo4j/v5.11.0 compatible graph database server - Memgraph", "Memgraph", None),
        (b"\x8cAnother/1.0", None, None),
    ],
)
def test_hello_names_the_product(name: bytes, product: str | None, version: str | None) -> None:
    if name[:1] == b"\xd0":
        name = name[:1] + bytes((len(name) - 2,)) + name[2:]
    elif name[0] < 0x90:
        name = bytes((0x80 | (len(name) - 1),)) + name[1:]
    found = identify(NEW + chunked(b"\xb1\x70\xa1\x86server" + name))
    assert found is not None
    assert (found.name, found.product, found.version) == ("bolt", product, version)


@pytest.mark.parametrize(
    "answers",
    [
        (b"\0\0\0\0",),  # none of these versions
        (b"\0\0\1\2",),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"\0\0\4\4and more",),
        (NEW, chunked(b"\xb1\x71\xa0")),
        (NEW, chunked(b"\xb1\x70\x01")),
        (NEW, b"\xff\xff" + bytes(3000)),
    ],
)
def test_anything_else_is_another(answers: tuple[bytes, ...]) -> None:
    assert play(BOLT, [server(answer) for answer in answers], strict=False).service is None


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("7f", 127), ("f0", -16), ("c8 80", -128), ("c9 0100", 256), ("ca 00010000", 65536),
        ("cb ffffffffffffffff", -1),
        ("c0", None), ("c2", False), ("c3", True), ("c1 3ff8000000000000", 1.5), ("82 4869", "Hi"),
        ("d0 02 4869", "Hi"),
        ("d1 0002 4869", "Hi"), ("cc 01 ff", b"\xff"), ("92 01 90", [1, []]), ("d4 01 c0", [None]),
        ("a1 81 61 01", {"a": 1}),
        ("d8 01 81 61 a0", {"a": {}}),
    ],
)  # fmt: skip
def test_packstream(data: str, value: object) -> None:
    read = Cursor(bytes.fromhex(data))
    assert _packstream.value(read) == value
    assert not read.left()


@pytest.mark.parametrize(
    "data", ["", "82 48", "c7", "b1 70", "91" * 64 + "01", "d6 ffffffff", "da ffffffff 81"]
)
def test_packstream_cut_or_nested_without_end(data: str) -> None:
    with pytest.raises(CutShortError):
        _packstream.value(Cursor(bytes.fromhex(data)))
