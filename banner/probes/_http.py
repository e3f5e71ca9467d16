"""One HTTP exchange: ask for a path, read the head and as much of the body as tells something.

The body is read up to its end, to the end of an HTML page's head element (title and generator stand in
it, what follows is content), or to the wire's limit. Pictures, sound and streams are not read at all.
Chunked and compressed bodies are undone within bounds. No redirect is followed.
``ICY 200 OK`` is SHOUTcast's status line.
Sources: RFC 9110 (semantics), RFC 9112 (HTTP/1.1: 6.3 body length, 7.1 chunked coding).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable

from ..dialogue import Ended, Want, Wire
from ..models import End
from ..recognition import frames, markup
from ..recognition.page import inflated
from ._bare import bare_page
from ._head import END, Head, read_head
from ._text import opens

INFORMATIONAL = 4
"""How many 1xx heads may precede the answer (RFC 9110, section 15.2, sets no number)."""

_HEAD_ENDS = re.compile(rb"<(?i:/head|body)")  # by its first byte, which has no case, it is found sooner
_BYTES = Want.BYTES
CLOSE = "Connection: close\r\n"
_EMPTY = (101, 204, 304)
_OPENERS = (b"HTTP/", b"ICY ")
_MUTE = ("image/", "video/", "audio/", "font/", "multipart/")


class Answer:
    """What came: the head, and the body as far as it was read, still compressed."""

    __slots__ = ("body", "head")

    def __init__(self, head: Head) -> None:
        self.head = head
        self.body = bytearray()

    def content(self) -> bytes:
        """The body, inflated where the head says that it is compressed; at most `INFLATED` bytes."""
        coding = self.head.get("content-encoding")
        return inflated(bytes(self.body), coding) if coding else bytes(self.body)


def request(wire: Wire, path: str, fields: str = CLOSE, *, method: str = "GET") -> bytes:
    """A request for `path` with `fields`, naming the target as its caller did (RFC 9110 7.2) and who asks (10.1.5).

    An IPv6 address stands in brackets and without its zone, which means nothing to the peer (RFC 6874 3).
    """
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    if wire.port != (443 if wire.tls else 80):
        host += f":{wire.port}"
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {wire.manners.user_agent}\r\n"
        f"Accept: */*\r\n{fields}\r\n"
    ).encode("utf-8", "replace")


def exchange(wire: Wire, path: str, fields: str = CLOSE) -> Generator[Want, None, Answer | None]:
    """Ask for `path` and read the answer's head; None where it is no HTTP. The body: `read_body`.

    A head that the end of the connection cuts off counts as far as it came. The request is said when this is called.
    """
    wire.send(request(wire, path, fields))
    return read_answer(wire)


def read_answer(wire: Wire) -> Generator[Want, None, Answer | None]:
    """The head of the answer to what was said; as `exchange`."""
    have = len(wire.received)
    try:
        while len(wire.received) == have:
            yield wire.still(_BYTES)  # a generator of `more` for each answer costs a hundredth of it
        while wire.starts(b"\0") and frames.begins(wire.unread):  # HTTP/2's SETTINGS, which are no answer
            yield from wire.more()
    except Ended:
        pass
    for _ in range(INFORMATIONAL):
        if not (wire.starts(*_OPENERS) or (yield from opens(wire, *_OPENERS))):
            return Answer(Head(b"")) if (yield from bare_page(wire)) else None
        try:  # mostly all of it is there, sooner than another generator begins
            head = Head(wire.take(end) if (end := wire.end_of(END)) else (yield from read_head(wire)))
        except Ended:
            return Answer(Head(wire.take(wire.limit)))
        if head.status is None or not 100 <= head.status < 200 or head.status == 101:
            return Answer(head)
    return None


def read_body(wire: Wire, answer: Answer) -> Iterable[Want]:
    """Fill ``answer.body``, at once as far as it has come; `Ended` where the connection ends before the body does."""
    head, body = answer.head, answer.body
    if has_no_page(head):
        return ()
    if "transfer-encoding" in head.fields and "chunked" in (head.get("transfer-encoding") or "").lower():
        return _chunked(wire, body)
    if (length := head.length) is None:
        return _until_close(wire, body)
    body += wire.take(length)
    return () if len(body) == length or shows_end(body) else _counted(wire, body, length - len(body))


def has_no_page(head: Head) -> bool:
    """Whether no body follows on `head`, or none of text."""
    return head.status in _EMPTY or head.kind.lower().startswith(_MUTE)


def _counted(wire: Wire, body: bytearray, count: int) -> Generator[Want, None, bool]:
    """Take `count` bytes into `body`; False where enough came before."""
    while count > 0:
        if not (piece := wire.take(count)):
            yield from wire.more()
            continue
        count -= len(piece)
        if take(body, piece):
            return False
    return True


def _chunked(wire: Wire, body: bytearray) -> Generator[Want, None, None]:
    while True:
        line = yield from wire.line(256)
        digits = line.partition(b";")[0].strip()
        try:
            size = int(digits[:16], 16)
        except ValueError:
            return
        if size <= 0 or not (yield from _counted(wire, body, size)):
            return
        yield from wire.line(256)


def _until_close(wire: Wire, body: bytearray) -> Generator[Want, None, None]:
    """The end of the connection ends the body; where it stays open, a pause does, once some came."""
    try:
        if not wire.unread:
            yield from wire.more()
    except Ended as ended:
        if ended.end is End.EOF:
            return
        raise
    while not take(body, wire.take(wire.limit)) and wire.end is None and wire.room():
        have, wire.paused = len(wire.received), False
        yield Want.PAUSE
        if wire.paused and len(wire.received) == have:
            return


def take(body: bytearray, piece: bytes) -> bool:
    """Add `piece` to `body`; whether it has what tells something, up to the end of a page's head."""
    seek = max(0, len(body) - 6)
    body += piece
    return shows_end(body, seek)


def shows_end(body: bytearray, seek: int = 0) -> bool:
    """Whether what has come of `body` tells enough; before `seek` nothing did."""
    if (found := _HEAD_ENDS.search(body, seek)) is None:
        return False
    if body.find(b"<!--") < 0:
        return True
    # A comment may hold another page: then it is not this one's head that ends. Looked for once a kilobyte, for the
    # pieces are as small as the peer likes, and the whole is searched each time.
    if seek and seek >> 10 == len(body) >> 10:
        return False
    return _ends_in_sight(body[: found.end()]) or _ends_in_sight(body)


def _ends_in_sight(page: bytearray) -> bool:
    return _HEAD_ENDS.search(markup.visible(page.decode("latin-1")).encode("latin-1")) is not None
