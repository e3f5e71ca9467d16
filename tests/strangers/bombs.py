"""Answers made to cost their reader more than their sender: compressed, nested, endless, and with lengths that lie."""

from __future__ import annotations

import zlib
from functools import cache
from random import Random

from tests.flights import flight

_HEAD = b"HTTP/1.1 200 OK\r\nServer: x\r\n"


def compressed(random: Random) -> bytes:
    """A page of megabytes in a few KB, compressed once or more often, as the head says or not."""
    times = random.randint(1, 3)
    data = _packed(random.choice((1, 8, 32)), times)
    said = b", ".join([b"gzip"] * random.choice((times, 1, 9)))
    return _HEAD + b"Content-Encoding: " + said + b"\r\nContent-Length: %d\r\n\r\n" % len(data) + data


@cache
def _packed(megabytes: int, times: int) -> bytes:
    data = b"<title>" + bytes(megabytes << 20)
    for _ in range(times):
        packer = zlib.compressobj(9, wbits=31)
        data = packer.compress(data) + packer.flush()
    return data


def headers(random: Random) -> bytes:
    """Thousands of fields, or one without an end."""
    if random.random() < 0.5:
        return (
            _HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(random.randint(1, 20_000))) + b"\r\n"
        )
    return (
        _HEAD + b"Server: " + random.choice((b" ", b"a/", b"(", b"\t_", b"\xc3")) * random.randint(1, 60_000)
    )


def chunks(random: Random) -> bytes:
    """Pieces of a length that is not theirs: negative, of a hundred digits, of one byte each."""
    size = random.choice(
        (b"-1", b"f" * 100, b"0x1", b"7fffffffffffffff", b"1;" + b"a" * 5000, b"1\r\na" * 5000)
    )
    return _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\na\r\n"


def length(random: Random) -> bytes:
    """A content's length that cannot be."""
    size = random.choice((b"-5", b"9" * random.randint(5, 5000), b"1e9", b"\xb2", b"0, 5", b""))
    return _HEAD + b"Content-Length: " + size + b"\r\n\r\n<html>"


def nested(random: Random) -> bytes:
    """JSON, XML, BER or brackets in brackets in brackets."""
    opening = random.choice(
        (b"[", b'{"a":', b"<a>", b"\x30\x80", b"0\x82\xff\xff", b"(", b"*1\r\n", b"\xff\xfa\x18")
    )
    body = opening * random.randint(1, 20_000)
    return random.choice((b"", _HEAD + b"Content-Type: application/json\r\n\r\n", b"-ERR ", b"220-")) + body


def line(random: Random) -> bytes:
    """One greeting that does not end: a line, lines that continue, negotiations, names in names."""
    piece = random.choice(
        (b"a", b"\0", b"220-a\r\n", b"\xff\xfb\x01", b"* OK ", b"SSH-2.0-", b"_.", b"1.", b" (", b"\xef\xbb\xbf", b"\n")
    )  # fmt: skip
    start = random.choice((b"", b"220 ", b"SSH-2.0-", b"+OK <", b"* OK [", b"RFB 003.", b"HTTP/1.1 200 "))
    return start + piece * random.randint(1, 70_000 // len(piece))


def records(random: Random) -> bytes:
    """TLS records: alerts, a server's old flight, damaged, with lengths that lie, too many."""
    data = bytearray(flight(random.choice((0x0300, 0x0301, 0x0303, 0x7F1C)), together=random.random() < 0.5))
    for _ in range(random.randint(0, 6)):
        data[random.randrange(len(data))] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
    alert = b"\x15\x03\x01\x00\x02" + bytes([random.choice((1, 2)), random.randrange(256)])
    return random.choice(
        (bytes(data), alert, alert * random.randint(2, 5000), bytes(data[:5]), b"\x16\x03\x03\xff\xff")
    )


def noise(random: Random) -> bytes:
    """Whatever."""
    return random.randbytes(random.choice((1, 2, 7, 40, 500, 5000)))


BOMBS = (compressed, headers, chunks, length, nested, line, records, noise)
