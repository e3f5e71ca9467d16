"""Records through the rules again: lines in, the same lines out with a fresh ``service``. No network, no
clock.

Each line is read only one level deep: what is not ``banner``, ``encoding``, ``port``, ``probe`` or
``service`` stays the
bytes that it was. A line that is no record costs itself: it is counted, told, and left out.
"""

import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import msgspec

from ..models import Service, Tls
from ..recognition import datagrams
from ..recognition.engine import specificity
from ..recognition.headers import told
from ..recognition.identify import Rules
from .record import banner_bytes

LONGEST = 16 * 1024 * 1024
"""Bytes of one line. A record holds at most a few hundred kilobytes; what is longer is no record."""

_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt0\\])")
_ESCAPES = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}

_ABSENT = msgspec.Raw()
_decode_all = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_tls = msgspec.json.Decoder(Tls).decode
_decode_service = msgspec.json.Decoder(Service).decode
_encode = msgspec.json.Encoder().encode


def lines_of(file: IO[bytes], longest: int = LONGEST) -> Iterator[bytes]:
    """The lines of `file`; one that is longer than `longest` comes cut, and its rest is skipped."""
    while line := file.readline(longest):
        yield line
        while len(line) >= longest and not line.endswith(b"\n"):
            line = file.readline(longest)


def identified(
    lines: Iterable[bytes], rules: Rules, complain: Callable[[int, str], None], start: int = 1
) -> Iterator[bytes]:
    """Each record of `lines` with a fresh ``service``, in order, LF at its end.

    A record without a banner passes as it is. ``complain(number, reason)`` is called for a line that is no
    record; the first has the number `start`.
    """
    for number, line in enumerate(lines, start):
        if line.isspace():
            continue
        try:
            yield identify_line(line, rules)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            complain(number, str(error) or type(error).__name__)


class _Fields(msgspec.Struct, gc=False):
    """What is looked at of a record; objects are the bytes that they are, empty where they are absent."""

    banner: str = ""
    encoding: str = ""
    port: int | msgspec.UnsetType = msgspec.UNSET
    probe: str = ""
    transport: str = ""
    end: str = ""
    details: msgspec.Raw = _ABSENT
    service: msgspec.Raw = _ABSENT
    tls: msgspec.Raw = _ABSENT
    error: msgspec.Raw = _ABSENT


_decode = msgspec.json.Decoder(_Fields).decode


def identify_line(line: bytes, rules: Rules) -> bytes:
    """One record with a fresh ``service``. Raises `ValueError` (`msgspec.DecodeError`) where it is no
    record."""
    if len(line) >= LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    fields = _decode(line)
    certified = fields.tls is not _ABSENT and rules.asks_certificates
    text = fields.banner
    if not text and not certified:
        return line if line.endswith(b"\n") else line + b"\n"
    banner = banner_bytes(text, fields.encoding) if fields.encoding else text.encode()
    port = None if fields.port is msgspec.UNSET else fields.port
    known = False
    if fields.transport == "udp":
        found = _of_datagrams(fields, banner, port, rules)
    else:
        told = () if fields.details is _ABSENT else _parsed(fields)
        found = rules.encoded(banner, port, told, fields.probe == "listen")
        known = fields.service is not _ABSENT and _knows_more(fields.service, rules, banner, port)
    if certified and not known:
        found = _certified(found, fields, rules)
    if found is None or known:
        return line if line.endswith(b"\n") else line + b"\n"
    return _inserted(line, fields, found) or _encode(_placed(_decode_all(line), msgspec.Raw(found))) + b"\n"


def _inserted(line: bytes, fields: _Fields, found: bytes) -> bytes | None:
    """`line` with its service before its ``timings``, or at its end; None where its fields stand otherwise than in a
    record of ours.

    A quote within a text has a backslash before it, so these bytes are the name of a field; and it is one of the record
    itself, not of an object in it, where only the record's own bracket stands before.
    """
    if fields.service is not _ABSENT or fields.tls is not _ABSENT:
        return None
    at = line.rfind(b'"timings":')  # it stands near the end
    if at < 0:
        if fields.details is not _ABSENT or fields.error is not _ABSENT or b'"timings"' in line:
            return None
        return b'%b,"service":%b}\n' % (line.rstrip()[:-1], found)
    if line.count(b"{", 0, at) != 1 or not line.endswith(b"\n"):
        return None
    if fields.details is not _ABSENT and 0 <= line.find(b'"details":') < at:
        return None
    if fields.error is not _ABSENT and 0 <= line.find(b'"error":') < at:
        return None
    return b'%b"service":%b,%b' % (line[:at], found, line[at:])


def _certified(found: bytes | None, fields: _Fields, rules: Rules) -> bytes | None:
    """`found`, and what the rules know of the certificate's names."""
    certificate = _decode_tls(fields.tls).certificate
    if certificate is None:
        return found
    service = None if found is None else _decode_service(found)
    if service is None and fields.service is not _ABSENT:
        service = _decode_service(fields.service)
    service = rules.with_certificate(service, certificate)
    return None if service is None else msgspec.json.encode(service)


def _parsed(fields: _Fields) -> tuple[tuple[str, str], ...]:
    """What the dialogue parsed of an answer of which the record holds only the beginning."""
    if fields.end != "limit":
        return ()
    details = msgspec.json.decode(fields.details)
    return told(details) if isinstance(details, dict) else ()


def _of_datagrams(fields: _Fields, banner: bytes, port: int | None, rules: Rules) -> bytes | None:
    """What the rules say of an answer over UDP, and of what its dialogue left; the dialogue's service completed."""
    old = None if fields.service is _ABSENT else _decode_service(fields.service)
    details = {} if fields.details is _ABSENT else msgspec.json.decode(fields.details)
    if old is None or not isinstance(details, dict):
        fresh = rules.fresh(banner, port, datagram=True)
        return None if fresh is None else msgspec.json.encode(fresh)
    if _is_echo(old):
        return None
    fresh = rules.fresh(banner, port, old.name, datagrams.told(old.name, details), datagram=True)
    if fresh is None or specificity(old) > specificity(fresh):
        return None
    # Rules for HTTP's fields know SSDP's too: the product is theirs, the service its dialogue's.
    return msgspec.json.encode(msgspec.structs.replace(fresh, name=old.name))


def _knows_more(recorded: msgspec.Raw, rules: Rules, banner: bytes, port: int | None) -> bool:
    """Whether the recorded service came from a dialogue that knew more than its bytes alone tell."""
    old = _decode_service(recorded)
    if _is_echo(old):
        return True
    if old.rule is not None and not old.rule.startswith("probe/"):  # a rule's: those are read afresh
        return False
    fresh = rules.identify(banner, port=port)
    return fresh is None or specificity(old) > specificity(fresh)


def _is_echo(recorded: Service) -> bool:
    """Whether it sent back what was said to it: that no bytes of its own tell."""
    return recorded.rule is not None and recorded.rule.startswith("plan/")


def _placed(fields: dict[str, msgspec.Raw], service: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """`fields` with `service` where it was, or else where the record has it: before ``tls`` and what follows."""
    if "service" in fields:
        return {**fields, "service": service}
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
