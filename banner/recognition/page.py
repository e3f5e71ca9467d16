"""A web page's body as it was sent: its chunks put together, and inflated. What it says: ``markup.py``.

Pure and bounded: whatever a peer sends, no more than `INFLATED` bytes come of it. The dialogue reads pages by this
module, and the rules get them by it, so that both see the same.
Sources: RFC 9112 (7.1, chunked coding), RFC 9110 (8.4.1, codings).
"""

from __future__ import annotations

import zlib

INFLATED = 65536
"""Bytes that a compressed body may inflate to; deflate reaches 1 : 1032 (zlib's technical notes), so that
the wire's 16 KiB could become 16 MiB."""


def joined(data: bytes) -> bytes:
    """The chunks of `data`, one behind the other, as far as they came."""
    whole = bytearray()
    at = 0
    while (end := data.find(b"\n", at, at + 256)) >= 0:
        try:
            size = int(data[at:end].partition(b";")[0].strip()[:16], 16)
        except ValueError:
            break
        if size <= 0:
            break
        whole += data[end + 1 : end + 1 + size]
        at = end + 1 + size
        at = data.find(b"\n", at, at + 2) + 1 or len(data)
    return bytes(whole)


def inflated(data: bytes, coding: str) -> bytes:
    """`data`, inflated where `coding` (Content-Encoding) says that it is compressed; at most `INFLATED` bytes."""
    if coding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return data
    for form in (47, -15):  # gzip or zlib by their headers; then the bare deflate that some servers send
        try:
            return zlib.decompressobj(form).decompress(data, INFLATED)
        except zlib.error:
            continue
    return b""
