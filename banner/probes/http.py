"""HTTP: ``GET /``, and what the head, the page's title and a JSON root say.

IANA's name is ``http``, inside TLS as well: the record's ``tls`` stands beside it. A server that expects TLS
and says so in a plain 400 sets ``details["tls_expected"]``. Source of the exchange: ``_http.py``. What greets with
HTTP/2 is told by its first frame (``details["http2"]``, `recognition.frames`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._head import LONGEST, Head
from ._http import Answer, exchange, read_body
from ._roots import recognise

TLS_EXPECTED = (
    b"plain HTTP request was sent to HTTPS port",  # nginx, code 497
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache httpd
    b"sent an HTTP request to an HTTPS server",  # Go's net/http
    b"This combination of host and port requires TLS",  # Apache Tomcat
)
"""What servers answer to a plain request on a TLS port, with status 400."""

_FIELDS = ("server", "x-powered-by", "via", "location", "content-type")
_LISTS = ("www-authenticate", "proxy-authenticate")
_TITLE = re.compile(rb"<title[\s>]", re.IGNORECASE)
_TITLE_ENDS = re.compile(rb"</title", re.IGNORECASE)
_GENERATOR = re.compile(
    rb"""<meta\s{1,9}name=["']?generator["']?\s{1,9}content=["']([^"'>]{1,200})["']""", re.IGNORECASE
)
_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)

CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "euc-jp": "euc_jp", "euc-kr": "cp949", "koi8-r": "koi8_r", "koi8-u": "koi8_u", "iso-8859-2": "iso8859_2",
    "iso-8859-9": "cp1254", "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252",
    "windows-1254": "cp1254", "windows-1256": "cp1256", "tis-620": "cp874",
}  # fmt: skip
"""Charsets that pages name, by the WHATWG Encoding Standard, and Python's codecs for them. A list, because a
peer could also name codecs that are no text (``rot13``) or slow (``punycode``, ``idna``)."""


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
    found = describe(head) | page(body, lambda: _declared(head, body))
    if head.status == 400 and not wire.tls and any(phrase in body for phrase in TLS_EXPECTED):
        found["tls_expected"] = True
    wire.details.update(found)
    if service := recognise(head, body):
        wire.claim(service)


def describe(head: Head) -> dict[str, object]:
    """The head's fields for details; docs/probes.md lists them."""
    found: dict[str, object] = {"http_version": head.version.partition("/")[2]}
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


def page(body: bytes, charset: Callable[[], str]) -> dict[str, object]:
    """The title and the generator of an HTML page; `charset` is asked for the codec where it is not UTF-8."""
    found: dict[str, object] = {}
    if title := _title(body, charset):
        found["title"] = title
    if generator := _GENERATOR.search(body):
        found["generator"] = html.unescape(_decoded(generator.group(1), charset))
    return found


def _title(body: bytes, charset: Callable[[], str]) -> str:
    """Only the first title counts: each search runs forward once, whatever the page repeats."""
    if not (start := _TITLE.search(body)):
        return ""
    inner = body.find(b">", start.end() - 1) + 1
    ends = _TITLE_ENDS.search(body, inner) if inner else None
    if not ends:
        return ""
    # Cut first: a character reference of thousands of digits would make int() raise (CPython's digit limit).
    raw = _decoded(body[inner : min(ends.start(), inner + 4 * LONGEST)], charset)
    return " ".join(html.unescape(raw).split())[:LONGEST]


def _declared(head: Head, body: bytes) -> str:
    """The codec of the charset that the head or the page names; Latin-1 for any that is not listed."""
    kind = (head.get("content-type") or "").encode("utf-8", "replace")
    named = _CHARSET.search(kind) or _CHARSET.search(body, 0, 1024)
    return CHARSETS.get(named.group(1).decode().lower(), "latin-1") if named else "latin-1"


def _decoded(data: bytes, charset: Callable[[], str]) -> str:
    """`data` as UTF-8; where it is not (but for a character that was cut at its end), by `charset`."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            return data[: error.start].decode()
        return data.decode(charset(), "replace")


PROBE = Probe(
    "http",
    # Where HTTP is found most: nmap's open frequencies and Censys' published port counts.
    ports=(80, 8080, 8000, 8008, 8081, 8888, 81, 3000, 5000, 9000, 5601, 5984, 8086, 8123, 9090, 9200, 15672),
    tls_ports=(443, 8443, 4443, 9443, 10443, 2083, 2087, 2096),
    talk=talk,
)
