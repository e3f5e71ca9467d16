"""A grab as one JSON line, and back. The field names are the contract; ``docs/record.md`` explains each.

The banner is the exact bytes: as text where they are valid UTF-8, else base64 with ``"encoding":"base64"``
beside it. Absent means not applicable; nothing is null. A line that is read back may be damaged or hostile:
`decode` answers with a `ValueError` that says what is wrong, whatever the bytes.
"""

import binascii
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import msgspec

from ..models import SCHEMA_VERSION, End, Grab, Service, Status, Timings, Tls, Transport


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """The record as it is written: its fields, in their order.

    Made by position, which takes a fifth of the time that names take; so the fields that are always there have
    defaults as well, which no record has: `decode` asks for them.
    """

    v: int = 0
    time: str = ""
    host: str | None = None
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = -1
    ip: str | None = None
    tag: str | None = None
    status: Status | None = None
    end: End | None = None
    banner: str | None = None
    encoding: Literal["base64"] | None = None
    probe: str | None = None
    connections: Annotated[int, msgspec.Meta(ge=0)] = 0
    said: tuple[str, ...] = ()
    sent: Annotated[int, msgspec.Meta(ge=0)] = 0
    received: Annotated[int, msgspec.Meta(ge=0)] = 0
    service: Service | None = None
    tls: Tls | None = None
    timings: Timings | None = None
    details: dict[str, Any] = {}
    error: str | None = None
    transport: Transport = Transport.TCP


_encoder = msgspec.json.Encoder()


def encode(grab: Grab) -> bytes:
    """The record of `grab`: one line of JSON with its LF."""
    return _encoder.encode(_line(grab)) + b"\n"


def _line(grab: Grab) -> Line:
    banner, encoding = _text(grab.banner)
    return Line(
        SCHEMA_VERSION,
        timestamp(grab.time),
        grab.host,
        grab.port,
        grab.ip,
        grab.tag,
        grab.status,
        grab.end,
        banner,
        encoding,
        grab.probe,
        grab.connections,
        grab.said,
        grab.sent,
        grab.received,
        grab.service,
        grab.tls,
        grab.timings,
        grab.details,
        grab.error,
        grab.transport,
    )


def told(
    time: str,
    host: str,
    port: int,
    ip: str,
    tag: str | None,
    end: End,
    banner: bytes,
    probe: str,
    said: tuple[str, ...],
    sent: int,
    received: int,
    service: Service | None,
    timings: Timings,
    details: dict[str, Any],
) -> bytes:
    """`encode` of who told something over one connection, in the clear, without the grab."""
    text, encoding = _text(banner)
    line = Line(
        SCHEMA_VERSION, time, host, port, ip, tag, _BANNER, end, text, encoding, probe, 1, said, sent, received,
        service, None, timings, details,
    )  # fmt: skip
    return _encoder.encode(line) + b"\n"


def to_plain(grab: Grab) -> dict[str, Any]:
    """The record of `grab` as dicts, lists, texts and numbers, shared with nobody."""
    plain: dict[str, Any] = msgspec.json.decode(_encoder.encode(_line(grab)))  # lists where a grab has tuples
    return plain


def plain_schema() -> dict[str, Any]:
    """The record's JSON schema in one piece, without references, so that it can stand inside another."""
    schema, parts = msgspec.json.schema_components([Line], ref_template="{name}")

    def whole(part: object) -> Any:
        if isinstance(part, dict):
            return whole(parts[part["$ref"]]) if "$ref" in part else {k: whole(v) for k, v in part.items()}
        return [whole(item) for item in part] if isinstance(part, list) else part

    return {**whole(schema[0]), "title": "Grab", "required": ["v", "time", "host", "port", "status"]}


def pattern(grab: Grab) -> bytes:
    """The records of all that differ from `grab` in time, address and duration only, to be filled with ``%``.

    What is filled in, in this order: the time (`timestamp`, as bytes), the address as host and once more as ip (a
    literal without a zone, as bytes), the bytes that were sent (where a hello was said: it may name the host), and the
    microseconds until the connection (where `grab` has those), until the
    first byte and in all, below a second each. For `grab` without name or tag and with no other timings: networks
    repeat their greetings, and encoding one again takes three times as long.
    """
    banner, encoding = _text(grab.banner)
    told = Line(
        status=grab.status,
        end=grab.end,
        banner=banner,
        encoding=encoding,
        probe=grab.probe,
        connections=grab.connections,
        said=grab.said,
        sent=_HOLE if grab.said else grab.sent,
        received=grab.received,
        service=grab.service,
        tls=grab.tls,
    )
    more = Line(details=grab.details, error=grab.error)
    before, after = (_encoder.encode(part)[1:-1].replace(b"%", b"%%") for part in (told, more))
    if grab.said:
        before = before.replace(b'"sent":%d,"received"' % _HOLE, b'"sent":%d,"received"', 1)
    return b"".join(
        (
            b'{"v":%d,"time":"%%b","host":"%%b","port":%d,"ip":"%%b",' % (SCHEMA_VERSION, grab.port),
            before,
            b',"timings":{',
            b"" if grab.timings.connect is None else b'"connect":0.%06d,',
            b'"first_byte":0.%06d,"total":0.%06d}',
            b"," + after if after else b"",
            b"}\n",
        )
    )


_BANNER = Status.BANNER
_HOLE = 2**31 - 1


def _text(banner: bytes) -> tuple[str | None, Literal["base64"] | None]:
    """A record's ``banner`` and ``encoding``."""
    if not banner:
        return None, None
    try:
        return banner.decode(), None
    except UnicodeDecodeError:
        return binascii.b2a_base64(banner, newline=False).decode(), "base64"


@cache
def _decoder() -> msgspec.json.Decoder[Line]:
    """Made by who first reads a record: it takes a millisecond, in which every type of the record is looked into."""
    return msgspec.json.Decoder(Line)


def decode(line: bytes | str) -> Grab:
    """The grab that `line` holds. Raises `ValueError` where it is no record of this version."""
    try:
        read = _decoder().decode(line)
    except RecursionError:
        raise ValueError("not a record: nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a record: {error}") from None
    return _grab(read)


def from_plain(values: object) -> Grab:
    """The grab that `to_plain` made `values` of. Raises `ValueError` where they are no record of this version."""
    try:
        read = msgspec.convert(values, Line)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"not a record: {error}") from None
    return _grab(read)


def _grab(read: Line) -> Grab:
    if read.v != SCHEMA_VERSION:
        raise ValueError(f"not a record: version {read.v}, where {SCHEMA_VERSION} was expected")
    if read.host is None or read.port < 0 or read.status is None:
        raise ValueError("not a record: host, port or status is missing")
    return Grab(
        time=parse_timestamp(read.time),
        host=read.host,
        port=read.port,
        status=read.status,
        ip=read.ip,
        tag=read.tag,
        end=read.end,
        banner=banner_bytes(read.banner, read.encoding),
        probe=read.probe,
        connections=read.connections,
        said=read.said,
        sent=read.sent,
        received=read.received,
        service=read.service,
        tls=read.tls,
        timings=read.timings or Timings(),
        details=read.details,
        error=read.error,
        transport=read.transport,
    )


def banner_bytes(banner: str | None, encoding: str | None) -> bytes:
    """The exact bytes of a record's ``banner``. Raises `ValueError` for what is not base64."""
    if banner is None:
        return b""
    if encoding is None:
        return banner.encode()
    try:
        return binascii.a2b_base64(banner, strict_mode=True)
    except ValueError as error:
        raise ValueError(f"not a record: banner is not base64: {error}") from None


@lru_cache(256)  # some thirty records fall into one millisecond of a quick scan
def timestamp(seconds: float) -> str:
    """POSIX seconds as RFC 3339 writes them, in UTC, to the millisecond."""
    second, milli = divmod(int(seconds * 1000 + 0.5), 1000)
    return f"{_second(second)}.{milli:03d}Z"


@lru_cache(16)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()[:19]


def parse_timestamp(time: str) -> float:
    """The POSIX seconds of an RFC 3339 text. Raises `ValueError`."""
    try:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None:
            raise ValueError("no offset from UTC")
        return round(moment.timestamp(), 3)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a record: time: {error}") from None
