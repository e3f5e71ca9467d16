"""Compressed input recognised by its first bytes, and unpacked piece by piece.

A small file may unpack to any size, so nothing is ever unpacked as a whole: what asks for the pieces stops
when it has enough. A file that ends in the middle gives what it holds and then says so.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final

GZIP: Final = b"\x1f\x8b"
"""RFC 1952, section 2.3.1."""
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""RFC 8878, section 3.1.1, little endian."""
PIECE: Final = 262144
"""Bytes unpacked at a time."""


class CutError(ValueError):
    """Compressed input that ends too early or is damaged; what came before was given."""


def zstd() -> Any:
    """The Zstandard module: the standard library's (Python 3.14), or its backport. Raises `ImportError` with
    what to install."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise ImportError("Zstandard needs the extra: pip install 'aiobanner[zstd]'")


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What `chunks` hold: unpacked where they are gzip or Zstandard, else as they are.

    Raises `CutError` after the last piece that could be read, and `ImportError` for Zstandard without its extra.
    """
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= len(ZSTD):
            break
    if head.startswith(GZIP):
        yield from _inflated(_resumed(head, stream))
    elif head.startswith(ZSTD):
        yield from _decompressed(_resumed(head, stream))
    else:
        yield from _resumed(head, stream)


def _resumed(head: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from stream


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """gzip, of one member or several (RFC 1952, section 2.2)."""
    engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if engine.eof:
                    engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
                if piece := engine.decompress(data, PIECE):
                    yield piece
                data = engine.unconsumed_tail or engine.unused_data
    except zlib.error as error:
        raise CutError(f"gzip data is damaged: {error}") from None
    while not engine.eof and (piece := engine.decompress(b"", PIECE)):
        yield piece
    if not engine.eof:
        raise CutError("gzip data is cut short")


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Zstandard, of one frame or several."""
    module = zstd()
    engine = module.ZstdDecompressor()
    try:
        for chunk in chunks:
            data = chunk
            while True:
                if engine.eof:
                    engine = module.ZstdDecompressor()
                if piece := engine.decompress(data, PIECE):
                    yield piece
                data = engine.unused_data if engine.eof else b""
                if not data and (engine.eof or engine.needs_input):
                    break
    except module.ZstdError as error:
        raise CutError(f"Zstandard data is damaged: {error}") from None
    if not engine.eof:
        raise CutError("Zstandard data is cut short")
