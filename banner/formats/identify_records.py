"""Records through the rules again: lines in, the same lines out with a fresh ``service``. No network, no
clock.

Each line is read only one level deep: what is not ``banner``, ``encoding``, ``port``, ``probe`` or
``service`` stays the
bytes that it was. A line that is no record costs itself: it is counted, told, and left out.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import msgspec

from ..models import Service
from ..recognition import datagrams
from ..recognition.engine import specificity
from ..recognition.headers import told
from ..recognition.identify import Rules
from .record import banner_bytes

LONGEST = 16 * 1024 * 1024
"""Bytes of one line. A record holds at most a few hundred kilobytes; what is longer is no record."""

_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt0\\])")
_ESCAPES = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}

_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_text = msgspec.json.Decoder(str).decode
_decode_port = msgspec.json.Decoder(int).decode
_decode_service = msgspec.json.Decoder(Service).decode
_encode = msgspec.json.Encoder().encode


def lines_of(file: IO[bytes], longest: int = LONGEST) -> Iterator[bytes]:
    """The lines of `file`; one that is longer than `longest` comes cut, and its rest is skipped."""
    while line := file.readline(longest):
        yield line
        while len(line) >= longest and not line.endswith(b"\n"):
            line = file.readline(longest)


def identified(lines: Iterable[bytes], rules: Rules, complain: Callable[[int, str], None]) -> Iterator[bytes]:
    """Each record of `lines` with a fresh ``service``, in order, LF at its end.

    A record without a banner passes as it is. ``complain(number, reason)`` is called for a line that is no
    record.
    """
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        try:
            yield identify_line(line, rules)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            complain(number, str(error) or type(error).__name__)


def identify_line(line: bytes, rules: Rules) -> bytes:
    """One record with a fresh ``service``. Raises `ValueError` (`msgspec.DecodeError`) where it is no
    record."""
    if len(line) >= LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    fields = _decode(line)
    raw = fields.get("banner")
    if raw is None:
        return line if line.endswith(b"\n") else line + b"\n"
    encoding = fields.get("encoding")
    banner = banner_bytes(_decode_text(raw), None if encoding is None else _decode_text(encoding))
    port = _decode_port(fields["port"]) if "port" in fields else None
    greeted = bytes(fields.get("probe", b"")) == b'"listen"'
    if bytes(fields.get("transport", b"")) == b'"udp"':
        found, known = _of_datagrams(fields, banner, port, rules), False
    else:
        found = rules.encoded(banner, port, _parsed(fields), greeted)
        known = "service" in fields and _knows_more(fields["service"], rules, banner, port)
    if found is None or known:
        return line if line.endswith(b"\n") else line + b"\n"
    if "service" in fields:
        fields["service"] = msgspec.Raw(found)
    else:
        fields = _placed(fields, msgspec.Raw(found))
    return _encode(fields) + b"\n"


def _parsed(fields: dict[str, msgspec.Raw]) -> tuple[tuple[str, str], ...]:
    """What the dialogue parsed of an answer of which the record holds only the beginning."""
    if "details" not in fields or bytes(fields.get("end", b"")) != b'"limit"':
        return ()
    details = msgspec.json.decode(fields["details"])
    return told(details) if isinstance(details, dict) else ()


def _of_datagrams(
    fields: dict[str, msgspec.Raw], banner: bytes, port: int | None, rules: Rules
) -> bytes | None:
    """What the rules say of an answer over UDP, and of what its dialogue left; the dialogue's service completed."""
    old = _decode_service(fields["service"]) if "service" in fields else None
    details = msgspec.json.decode(fields.get("details", msgspec.Raw(b"{}")))
    if old is None or not isinstance(details, dict):
        fresh = rules.fresh(banner, port, datagram=True)
        return None if fresh is None else msgspec.json.encode(fresh)
    fresh = rules.fresh(banner, port, old.name, datagrams.told(old.name, details), datagram=True)
    return None if fresh is None or specificity(old) > specificity(fresh) else msgspec.json.encode(fresh)


def _knows_more(recorded: msgspec.Raw, rules: Rules, banner: bytes, port: int | None) -> bool:
    """Whether the recorded service came from a dialogue that knew more than its bytes alone tell."""
    old = _decode_service(recorded)
    if old.rule is not None and not old.rule.startswith("probe/"):  # a rule's: those are read afresh
        return False
    fresh = rules.identify(banner, port=port)
    return fresh is None or specificity(old) > specificity(fresh)


def _placed(fields: dict[str, msgspec.Raw], service: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """`fields` with `service` where the record has it: before ``tls`` and what follows."""
    placed: dict[str, msgspec.Raw] = {}
    for name, value in fields.items():
        if name in ("tls", "timings", "details", "error") and "service" not in placed:
            placed["service"] = service
        placed[name] = value
    placed.setdefault("service", service)
    return placed


def greeting_of(line: bytes) -> bytes:
    """The greeting that a person wrote on one line: backslash escapes (``\\r``, ``\\xff``) stand for their
    bytes."""
    text = line.rstrip(b"\r\n")
    return _ESCAPE.sub(_unescaped, text) if b"\\" in text else text


def _unescaped(escape: re.Match[bytes]) -> bytes:
    letter = escape.group(1)
    return bytes((int(letter[1:], 16),)) if letter[:1] == b"x" else _ESCAPES[letter]


def identified_text(lines: Iterable[bytes], rules: Rules, port: int | None = None) -> Iterator[bytes]:
    """Each greeting of `lines` (`greeting_of`) as one JSON line of ``banner`` and ``service``."""
    for line in lines:
        greeting = greeting_of(line)
        if not greeting:
            continue
        fields: dict[str, object] = {}
        try:
            fields["banner"] = greeting.decode()
        except UnicodeDecodeError:
            fields["banner"] = binascii.b2a_base64(greeting, newline=False).decode()
            fields["encoding"] = "base64"
        found = rules.encoded(greeting, port)
        if found is not None:
            fields["service"] = msgspec.Raw(found)
        yield _encode(fields) + b"\n"
