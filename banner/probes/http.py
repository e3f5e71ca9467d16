"""HTTP: ``GET /``, and what the head, the page's title and a JSON root say.

IANA's name is ``http``, inside TLS as well: the record's ``tls`` stands beside it. A server that expects TLS
and says so in a plain 400 sets ``details["tls_expected"]``. Source of the exchange: ``_http.py``. What greets with
HTTP/2 is told by its first frame (``details["http2"]``, `recognition.frames`). In full mode a server that wants NTLM
is sent the message that names nobody, over the same connection, and names itself (``_ntlm.py``; RFC 4559, [MS-NTHT]).
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ..recognition import frames
from ._head import Head
from ._http import CLOSE, exchange, read_body
from ._ntlm import TOKENS, challenge_in, offered
from ._page import learn

_HTTP = Service("http")


def talk(wire: Wire) -> Talk:
    answer = yield from exchange(wire, "/", "" if wire.deep else CLOSE)
    if answer is None:
        if (greeting := frames.settings(wire.unread)) is None:
            return None
        wire.details["http2"] = greeting
        return wire.claim(Service("http"))
    wire.claim(_HTTP)
    try:
        yield from read_body(wire, answer)
    finally:  # whatever ends the body, what came of it counts
        learn(wire, answer)
    if wire.deep and answer.head.status == 401:
        yield from _names(wire, answer.head)
    return wire.found


def _names(wire: Wire, refusal: Head) -> Generator[Want, None, None]:
    """What the server calls itself in NTLM's challenge, where its `refusal` offers NTLM, in the clear or wrapped."""
    if (scheme := offered(refusal.all("www-authenticate"))) is None:
        return
    yield from wire.rest()  # of the page
    if wire.end is not None:
        return
    token = b2a_base64(TOKENS[scheme], newline=False).decode()
    answer = yield from exchange(wire, "/", f"Authorization: {scheme} {token}\r\n{CLOSE}")
    for value in answer.head.fields.get("www-authenticate", ()) if answer else ():
        wire.details.update(challenge_in(value.partition(" ")[2]))


PROBE = Probe(
    "http",
    # Where HTTP is found most: nmap's open frequencies and Censys' published port counts.
    ports=(80, 8080, 8000, 8008, 8081, 8888, 81, 3000, 5000, 9000, 5601, 5984, 8086, 8123, 9090, 9200, 15672),
    tls_ports=(443, 8443, 4443, 9443, 10443, 2083, 2087, 2096),
    talk=talk,
)
