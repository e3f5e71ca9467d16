"""Compressed input recognised by its first bytes, and unpacked piece by piece.

A small file may unpack to any size, so nothing is ever unpacked as a whole: what asks for the pieces stops
when it has enough. A file that ends in the middle gives what it holds and then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Any, Final

GZIP: Final = b"\x1f\x8b"
"""RFC 1952, section 2.3.1."""
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""RFC 8878, section 3.1.1, little endian."""
BZIP2: Final = tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))
"""bzip2's file format: the header and the first block's."""
XZ: Final = b"\xfd7zXZ\0"
"""The .xz file format, section 2.1.1.1."""
PACKED: Final = (GZIP, ZSTD, *BZIP2, XZ)
"""How compressed files begin."""
_LONGEST: Final = max(map(len, PACKED))
XZ_MEMORY: Final = 160 << 20
"""Bytes that unpacking .xz may take: its highest preset asks for 65 MiB."""
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
    """What `chunks` hold: unpacked where they are gzip, Zstandard, bzip2 or xz, else as they are.

    Raises `CutError` after the last piece that could be read, and `ImportError` for Zstandard without its extra.
    """
    stream = iter(chunks)
    head = b""
    for chunk in stream:
        head += chunk
        if len(head) >= _LONGEST:
            break
    if head.startswith(GZIP):
        yield from _inflated(_resumed(head, stream))
    elif head.startswith(ZSTD):
        module = zstd()
        yield from _decompressed(
            _resumed(head, stream), "Zstandard", module.ZstdDecompressor, module.ZstdError
        )
    elif head.startswith(BZIP2):
        import bz2

        yield from _decompressed(_resumed(head, stream), "bzip2", bz2.BZ2Decompressor, OSError)
    elif head.startswith(XZ):
        import lzma

        engine = partial(lzma.LZMADecompressor, memlimit=XZ_MEMORY)
        yield from _decompressed(_resumed(head, stream), "xz", engine, lzma.LZMAError)
    else:
        yield from _resumed(head, stream)


def _resumed(head: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from stream


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """gzip, of one member or several (RFC 1952, section 2.2)."""
    import zlib  # for who has such a file

    engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if engine.eof:
                    data = data.lstrip(b"\0")  # what fills blocks of tapes, as gzip takes it
                    if not data:
                        break
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


def _decompressed(
    chunks: Iterator[bytes], name: str, engines: Callable[[], Any], damage: type[Exception]
) -> Iterator[bytes]:
    """Zstandard, bzip2 or xz, of one frame or several."""
    engine = engines()
    try:
        for chunk in chunks:
            data = chunk
            while True:
                if engine.eof:
                    data = data.lstrip(b"\0") if name == "xz" else data  # stream padding: section 2.2
                    if not data:
                        break
                    engine = engines()
                if piece := engine.decompress(data, PIECE):
                    yield piece
                data = engine.unused_data if engine.eof else b""
                if not data and (engine.eof or engine.needs_input):
                    break
    except damage as error:
        raise CutError(f"{name} data is damaged: {error}") from None
    if not engine.eof:
        raise CutError(f"{name} data is cut short")
