"""A grab as a few lines for a person: what it is, what TLS showed, what the dialogue learned and said, and what came.

Whatever came from a peer is made harmless; on a terminal a line that is too long is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ...formats.naming import title_of
from ...formats.terminal import COLOURS, safe, safe_bytes, spoken
from ...models import Certificate, End, Grab, Status, Tls, Transport
from ...text.width import clip, padded

MEANING: Final = {
    Status.SILENT: "connected; nothing came before the read deadline",
    Status.CLOSED: "connected; the peer closed before any byte",
    Status.RESET: "connected; the peer reset the connection before any byte",
    Status.REFUSED: "the connection was refused",
    Status.TIMEOUT: "the connection was not answered in time",
    Status.UNREACHABLE: "the network said that it cannot be reached",
    Status.DNS_ERROR: "the name did not resolve",
    Status.TLS_ERROR: "connected; the TLS handshake failed",
    Status.DENIED: "excluded; nothing was sent",
    Status.LOCAL_ERROR: "this machine ran out of descriptors, ports or memory",
    Status.FAULT: "a bug of ours",
}
OVER_UDP: Final = {
    **MEANING,
    Status.SILENT: "nothing came back: open or filtered, nobody can tell",
    Status.REFUSED: "an ICMP message said that nobody listens there",
}
"""The same over UDP."""
CUT: Final = {
    End.EOF: "then the peer closed",
    End.RESET: "then the peer reset the connection",
    End.DEADLINE: "then nothing more before the deadline",
    End.LIMIT: "and more that was not read",
}
LABEL: Final = 24
"""Columns for what a line is about, at most."""
Line = tuple[str, str]


def card(grab: Grab, *, colour: bool = False, width: int | None = None) -> str:
    """`grab` as lines, none longer than `width`."""
    status = f"\x1b[{COLOURS.get(grab.status, '2')}m{grab.status}\x1b[0m" if colour else str(grab.status)
    address = f" ({safe(grab.ip)})" if grab.ip and grab.ip != grab.host else ""
    lines = [
        *_service(grab),
        *_told(grab),
        *(f"| {safe_bytes(line)}".rstrip() for line in grab.banner.splitlines()),
    ]
    if grab.end in CUT and grab.banner:
        lines.append(f"({CUT[grab.end]})")
    shown = (f"  {line}" if width is None else clip(f"  {line}", width) for line in lines)
    return "\n".join([f"{grab.where}{address}  {status}", *shown]) + "\n"


def _service(grab: Grab) -> Iterator[str]:
    """What it is, or why it is not known."""
    if grab.status is not Status.BANNER:
        meaning = OVER_UDP if grab.transport is Transport.UDP else MEANING
        yield meaning[grab.status] + (f": {safe(grab.error)}" if grab.error else "")
    if known := spoken(grab):
        info = grab.service.info if grab.service else None
        yield known + (f" ({safe(info)})" if info else "")
    if grab.service is not None:
        yield from map(safe, grab.service.cpe)


def _told(grab: Grab) -> Iterator[str]:
    """What was found out, each with its name."""
    found = [*_secured(grab), *_learned(grab)]
    if grab.said:
        found.append(("said", ", ".join(grab.said)))
    found.append(("took", _took(grab)))
    label = min(LABEL, max(len(name) for name, _ in found))
    for name, text in found:
        yield f"{padded(safe(name), label)}  {safe(text)}"


def _secured(grab: Grab) -> Iterator[Line]:
    if grab.tls is None:
        return
    if spoken_in := _handshake(grab.tls):
        yield "tls", spoken_in
    if grab.tls.error and grab.tls.error != grab.error:
        yield "tls error", grab.tls.error
    if grab.tls.certificate is not None:
        yield from _certificate(grab, grab.tls.certificate)


def _handshake(tls: Tls) -> str:
    parts = [tls.version, tls.cipher, tls.group, tls.alpn and f"ALPN {tls.alpn}"]
    if tls.starttls:
        parts.append(f"by {tls.starttls}'s STARTTLS")
    if tls.client_certificate:
        parts.append("a client certificate was asked for")
    return ", ".join(part for part in parts if part)


def _certificate(grab: Grab, shown: Certificate) -> Iterator[Line]:
    """Whom it names, who issued it, until when it holds."""
    names = ", ".join(shown.names) or shown.subject or ""
    yield "certificate", names + (f" (not {grab.host})" if shown.name_matches is False else "")
    if shown.self_signed:
        yield "issued by", "itself"
    elif shown.issuer:
        yield "issued by", shown.issuer
    if shown.not_after:
        yield "until", _until(shown.not_after, grab.time)
    if (
        shown.not_before
        and (begins := _days(shown.not_before, grab.time)) is not None
        and begins > timedelta(0)
    ):
        yield "from", f"{shown.not_before[:10]}: it does not hold yet"


def _until(not_after: str, now: float) -> str:
    """A date, and how far it is from `now` (POSIX seconds)."""
    left = _days(not_after, now)
    if left is None:
        return not_after
    past = left < timedelta(0)
    days = abs(left).days
    count = "less than a day" if not days else f"{days:,} day{'s' if days > 1 else ''}"
    return f"{not_after[:10]} " + (f"(expired {count} ago)" if past else f"({count} left)")


def _days(date: str, now: float) -> timedelta | None:
    """How long until `date` (RFC 3339); None for what is none."""
    try:
        then = datetime.fromisoformat(date)
        return then - datetime.fromtimestamp(now, then.tzinfo)
    except (ValueError, OverflowError, OSError):
        return None


def _learned(grab: Grab) -> Iterator[Line]:
    """What the dialogue learned, in words; the title first."""
    if title := title_of(grab):
        yield "title", title
    for name, value in grab.details.items():
        if name != "title" and (text := in_words(value)):
            yield name.replace("_", " "), text


def in_words(value: object) -> str:
    """A value of JSON as a person says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {text}" for name, each in value.items() if (text := in_words(each)))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(in_words, value)))
    return "" if value is None else str(value)


def _took(grab: Grab) -> str:
    spent = grab.timings
    parts = (
        ("dns", spent.dns),
        ("connect", spent.connect),
        ("tls", spent.tls),
        ("first byte", spent.first_byte),
        ("total", spent.total),
    )
    return ", ".join(f"{name} {_seconds(seconds)}" for name, seconds in parts if seconds is not None)


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"
