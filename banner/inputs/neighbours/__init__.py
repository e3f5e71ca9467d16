"""What other tools write, read as targets: recognised by content, a line or an element at a time.

nmap (XML, grepable, screen), masscan (JSON, lines of JSON, list, grepable, XML), naabu (lines of JSON, CSV), zmap
(CSV, lines of JSON), zgrab2 (its input and its output), and former scans of ours (JSON lines, CSV, XML), each also
compressed. Anything else is a plain list (``targets.read_lines``), which costs nothing more than before. Open
ports are taken, of TCP and of UDP. A name that the other tool was given becomes the host, one that it merely found
the tag. What cannot be read is a `BadLine` that says what was expected, and the rest is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from ...text.compression import BZIP2, GZIP, PACKED, XZ, ZSTD, CutError, unpacked
from ...text.lines import long_lines, shown, split_lines
from ...text.patterns import lazily
from ..listing import plainness
from ..spec import BadLine, Spec, read_lines
from .place import Found, Skipped
from .screen import COLOURS, KIDDIE, MARKS

HEAD: Final = 4096
"""Bytes by which a format is recognised; fewer, as soon as they hold a line that is no comment."""

Reader = Callable[[str], Iterable[Found]]
"""Reads one line; raises `ValueError` with the reason."""

_JSON = lazily(rb"\{|\[\s*+(?:[{\]]|\Z)")  # an IPv6 address begins with a bracket, too
_GREPABLE = lazily(rb"^(?:# Masscan |Host: \S+ \(|Timestamp: \d)", re.MULTILINE)
_NMAP = lazily(rb"# Nmap \S+ scan initiated ")
"""The first line of ``-oN`` and of ``-oG``."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = b"masscan/1.1"
"""What masscan's ``-oB`` begins with."""
_LIST = lazily(rb"#masscan|(?:open|closed|banner) (?:tcp|udp|sctp) \d")


def read(chunks: Iterable[bytes], ports: Sequence[int] = ()) -> Iterator[Spec | BadLine]:
    """The targets of a file that comes in chunks, the first of which is read at once; `ports` for those
    without one."""
    stream = iter(chunks)
    head = _head(stream)
    if head.startswith(PACKED):
        return _unpacked(_joined(head, stream), ports)
    kind = recognise(head)
    whole = _joined(head, stream)
    if kind is None:
        return read_lines(split_lines(whole), ports)  # itself, so that a plain list costs nothing more
    if kind == "cr":
        whole = _joined(head.replace(b"\r", b"\n"), (chunk.replace(b"\r", b"\n") for chunk in stream))
        return read(whole, ports)
    if kind in _REFUSED:
        return iter([BadLine(0, "", _REFUSED[kind])])
    return _told(_found(kind, whole, ports))


KINDS: Final[dict[str | None, str]] = {
    None: "a list, one target a line",
    "cr": "lines that end in CR alone",
    "xml": "XML",
    "json": "JSON",
    "grepable": "lines for grep (nmap or masscan -oG)",
    "list": "masscan's list",
    "screen": "what nmap, masscan, rustscan, arp-scan or fping show",
    "header": "CSV",
    "zgrab2": "zgrab2's input",
}


def describe(head: bytes) -> str:
    """How a file that begins with `head` is understood, for a person."""
    for magic, name in ((GZIP, "gzip"), (ZSTD, "Zstandard"), (BZIP2, "bzip2"), (XZ, "xz")):
        if head.startswith(magic):
            try:
                inner = next(unpacked([head]), b"")[:HEAD]
            except (CutError, ImportError):
                return f"compressed ({name})"
            return f"{describe(inner)}, compressed ({name})"
    kind = recognise(head[:HEAD])
    if kind == "xml" and (root := _ROOT.search(head)):
        return f"XML of {root[1].decode('ascii', 'replace')}"
    return KINDS.get(kind, "not read")


_ROOT = lazily(rb"<([A-Za-z_][\w.-]{0,60})[\s/>]")


_REFUSED: Final = {
    "utf-16": "the file is UTF-16: save it as UTF-8",
    "binary": "masscan's own form (-oB): masscan --readscan FILE -oJ OTHER makes one that is read",
    "archive": "a ZIP file (a spreadsheet, perhaps): unpack it, or save it as CSV",
    "kiddie": "what nmap -oS writes, which keeps no word as it was: -oX, -oG and -oN are read",
    "pdf": "a PDF file names no targets",
}


def _found(kind: str, chunks: Iterator[bytes], ports: Sequence[int]) -> Iterator[Found | BadLine]:
    if kind == "xml":
        from . import roots  # the readers come late: a plain list needs none

        return roots.read(chunks)
    if kind == "json":
        from . import json_text

        return json_text.read(chunks, ports)
    from . import rows

    lines = long_lines(chunks)
    return _by_line(
        rows.whole_rows(lines) if kind == "header" else enumerate(lines, 1), *_reader(kind, ports)
    )


def _told(found: Iterator[Found | BadLine]) -> Iterator[Spec | BadLine]:
    """What was found, and at the end what was left out."""
    named, skipped = False, dict.fromkeys(Skipped, 0)
    for item in found:
        named = True
        if isinstance(item, Skipped):
            skipped[item] += 1
            continue
        yield item
    for what, times in skipped.items():
        if times:
            yield BadLine(0, "", f"left out: {times:,} {what.value}", note=True)
    if not named:
        yield BadLine(0, "", NOTHING, note=True)


NOTHING: Final = "no target is named in it"


def foreign(head: bytes) -> bool:
    """Whether a file that begins with `head` is anything but a plain list."""
    return head.startswith(PACKED) or recognise(head) is not None


def recognise(head: bytes) -> str | None:
    """What a file is that begins with `head`: ``xml``, ``json``, ``grepable``, ``screen``, ``list``, ``header``
    (CSV), ``zgrab2`` (rows without a header), ``cr`` (a list with CR alone at the ends of its lines), what
    is refused, or None for a plain list."""
    if (kind := _no_text(head)) is not None:
        return kind
    whole = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]  # its last line may be cut
    if whole and plainness(whole) is not None:  # as most are: no other tool's patterns are compiled for these
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x1b" in start:
        start = COLOURS.sub(b"", start)
    if start.startswith(b"<"):
        return "xml"
    if b"\r" in start and b"\n" not in start and b"\r" in start.rstrip(b"\r"):
        return "cr"
    if KIDDIE.match(start):
        return "kiddie"
    for kind, pattern in (("json", _JSON), ("list", _LIST)):
        if pattern.match(start):
            return kind
    if _begins(_GREPABLE, start) < _begins(MARKS, start):
        return "grepable"
    if _begins(MARKS, start) < len(start) or _NMAP.match(start):
        return "screen"
    from . import rows  # with what reads CSV

    # A row may be cut at the end of the head.
    lines = start.decode("utf-8", "replace").splitlines()[: None if len(head) < HEAD else -1]
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    if lines and rows.is_header(lines[0]):
        return "header"
    return "zgrab2" if any(map(rows.is_zgrab2, lines)) else None


def _begins(pattern: re.Pattern[bytes], start: bytes) -> int:
    """Where it is found, or the end."""
    found = pattern.search(start)
    return len(start) if found is None else found.start()


def _no_text(head: bytes) -> str | None:
    if head.startswith(_UTF16):
        return "utf-16"
    if head.startswith(_BINARY):
        return "binary"
    if head.startswith(b"PK\3\4"):
        return "archive"
    return "pdf" if head.startswith(b"%PDF-") else None


def _reader(kind: str, ports: Sequence[int]) -> tuple[Reader, str]:
    """What reads a line of `kind`, and what is expected there."""
    from . import grepable, rows, screen

    if kind == "screen":
        return screen.reader(ports), "a host or a port, as nmap shows them"
    if kind == "grepable":
        return grepable.read_host, "a host and its ports, as nmap -oG writes them"
    if kind == "list":
        return grepable.read_list, "open tcp PORT ADDRESS TIME, as masscan -oL writes them"
    if kind == "header":
        return rows.reader_by_header(ports), "a row of CSV"
    return rows.zgrab2_reader(ports), "a row of zgrab2's input (ip, domain, tag, port)"


def _by_line(
    lines: Iterable[tuple[int, bytes]], read_line: Reader, expected: str
) -> Iterator[Found | BadLine]:
    for number, line in lines:
        try:
            text = line.decode().removeprefix("\ufeff").strip()
            if text:
                yield from read_line(text)
        except ValueError as error:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            beginning = line[:61].decode("utf-8", "replace").strip()
            yield BadLine(number, shown(beginning)[1:-1], f"expected {expected}: {reason}")


def _unpacked(chunks: Iterator[bytes], ports: Sequence[int]) -> Iterator[Spec | BadLine]:
    lines = 0

    def counted() -> Iterator[bytes]:
        nonlocal lines
        for piece in unpacked(chunks):
            lines += piece.count(b"\n")
            yield piece

    try:
        yield from read(counted(), ports)
    except (CutError, ImportError) as error:
        yield BadLine(lines + 1, "", str(error))


def _head(stream: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD and not _tells(head) and (chunk := next(stream, b"")):
        head += chunk
    return head


def _tells(head: bytes) -> bool:
    """Whether a line of content is whole, or the first bytes are no text."""
    if head.startswith(PACKED) or _no_text(head):
        return True
    *lines, _ = head.split(b"\n")
    return any(
        line.strip() not in (b"", b"[")
        and (not line.startswith(b"#") or _GREPABLE.match(line) or _LIST.match(line))
        for line in lines
    )


def _joined(head: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from stream
