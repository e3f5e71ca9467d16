"""HTTP: ``GET /``, and what the head, the page's title and a JSON root say.

IANA's name is ``http``, inside TLS as well: the record's ``tls`` stands beside it. A server that expects TLS
and says so in a plain 400 sets ``details["tls_expected"]``. Source of the exchange: ``_http.py``. What greets with
HTTP/2 is told by its first frame (``details["http2"]``, `recognition.frames`). In full mode a server that wants NTLM
is sent the message that names nobody, over the same connection, and names itself (``_ntlm.py``; RFC 4559, [MS-NTHT]).
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ..recognition import markup
from ._head import Head
from ._http import CLOSE, Answer, exchange, read_body
from ._ntlm import NEGOTIATE, challenge_in, spnego
from ._roots import recognise

TLS_EXPECTED = (
    b"plain HTTP request was sent to HTTPS port",  # nginx, code 497
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache httpd
    b"sent an HTTP request to an HTTPS server",  # Go's net/http
    b"This combination of host and port requires TLS",  # Apache Tomcat
)
"""What servers answer to a plain request on a TLS port, with status 400."""

TOKENS = {"NTLM": NEGOTIATE, "Negotiate": spnego()}
"""What the schemes of an offer are asked with; NTLM by itself is the shorter way."""
_OFFER = re.compile(r"(?i)(?:^|,) ?(NTLM|Negotiate)(?=,|$)")
"""One of several challenges without parameters (RFC 9110, section 11.6.1)."""
_FIELDS = ("server", "x-powered-by", "via", "location", "content-type", "icy-name", "icy-notice2")
_LISTS = ("www-authenticate", "proxy-authenticate")


def talk(wire: Wire) -> Talk:
    answer = yield from exchange(wire, "/", "" if wire.deep else CLOSE)
    if answer is None:
        return None
    wire.claim(Service("http"))
    try:
        yield from read_body(wire, answer)
    finally:  # whatever ends the body, what came of it counts
        _learn(wire, answer)
    if wire.deep and answer.head.status == 401:
        yield from _names(wire, answer.head)
    return wire.found


def _names(wire: Wire, refusal: Head) -> Generator[Want, None, None]:
    """What the server calls itself in NTLM's challenge, where its `refusal` offers NTLM, in the clear or wrapped."""
    offered = {found.lower() for value in refusal.all("www-authenticate") for found in _OFFER.findall(value)}
    scheme = next((scheme for scheme in TOKENS if scheme.lower() in offered), None)
    if scheme is None:
        return
    yield from wire.rest()  # of the page
    if wire.end is not None:
        return
    token = b2a_base64(TOKENS[scheme], newline=False).decode()
    answer = yield from exchange(wire, "/", f"Authorization: {scheme} {token}\r\n{CLOSE}")
    for value in answer.head.fields.get("www-authenticate", ()) if answer else ():
        wire.details.update(challenge_in(value.partition(" ")[2]))


def _learn(wire: Wire, answer: Answer) -> None:
    head, body = answer.head, answer.content()
    found = describe(head) | page(body, head.get("content-type") or "")
    if head.status == 400 and not wire.tls and any(phrase in body for phrase in TLS_EXPECTED):
        found["tls_expected"] = True
    wire.details.update(found)
    if service := recognise(head, body):
        wire.claim(service)


def describe(head: Head) -> dict[str, object]:
    """The head's fields for details; docs/probes.md lists them."""
    found: dict[str, object] = {}
    if version := head.version.partition("/")[2]:
        found["http_version"] = version
    if head.status is not None:
        found["status"] = head.status
    for name in _FIELDS:
        if value := head.get(name):
            found[name.replace("-", "_")] = value
    for name in _LISTS:
        if values := head.all(name):
            found[name.replace("-", "_")] = values
    if cookies := [cookie.partition("=")[0].strip()[:64] for cookie in head.all("set-cookie")]:
        found["cookies"] = cookies
    if (length := head.length()) is not None:
        found["content_length"] = length
    return found


def page(body: bytes, content_type: str = "") -> dict[str, object]:
    """The title and the generator of an HTML page; `content_type` is what the header names."""
    text = markup.decoded(body, content_type)
    found = {"title": markup.title(text), "generator": markup.generator(text)}
    return {name: value for name, value in found.items() if value}


PROBE = Probe(
    "http",
    # Where HTTP is found most: nmap's open frequencies and Censys' published port counts.
    ports=(80, 8080, 8000, 8008, 8081, 8888, 81, 3000, 5000, 9000, 5601, 5984, 8086, 8123, 9090, 9200, 15672),
    tls_ports=(443, 8443, 4443, 9443, 10443, 2083, 2087, 2096),
    talk=talk,
)
