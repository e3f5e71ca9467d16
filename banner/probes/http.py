"""HTTP: ``GET /``, and what the head, the page's title and a JSON root say.

IANA's name is ``http``, inside TLS as well: the record's ``tls`` stands beside it. A server that expects TLS
and says so in a plain 400 sets ``details["tls_expected"]``. Source of the exchange: ``_http.py``. What greets with
HTTP/2 is told by its first frame (``details["http2"]``, `recognition.frames`).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ..recognition import markup
from ._head import Head
from ._http import Answer, exchange, read_body
from ._roots import recognise

TLS_EXPECTED = (
    b"plain HTTP request was sent to HTTPS port",  # nginx, code 497
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache httpd
    b"sent an HTTP request to an HTTPS server",  # Go's net/http
    b"This combination of host and port requires TLS",  # Apache Tomcat
)
"""What servers answer to a plain request on a TLS port, with status 400."""

_FIELDS = ("server", "x-powered-by", "via", "location", "content-type", "icy-name", "icy-notice2")
_LISTS = ("www-authenticate", "proxy-authenticate")


def talk(wire: Wire) -> Talk:
    answer = yield from exchange(wire, "/")
    if answer is None:
        return None
    wire.claim(Service("http"))
    try:
        yield from read_body(wire, answer)
    finally:  # whatever ends the body, what came of it counts
        _learn(wire, answer)
    return wire.found


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
