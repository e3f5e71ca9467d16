"""What an answer of HTTP tells, in a record's details, whichever version carried it."""

from __future__ import annotations

from functools import lru_cache

from ..dialogue import Wire
from ..recognition import headers, markup
from ._head import LONGEST, Head
from ._http import Answer
from ._roots import recognise

TLS_EXPECTED = (
    b"plain HTTP request was sent to HTTPS port",  # nginx, code 497
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache httpd
    b"sent an HTTP request to an HTTPS server",  # Go's net/http
    b"This combination of host and port requires TLS",  # Apache Tomcat
)
"""What servers answer to a plain request on a TLS port, with status 400."""

_FIELDS = {
    name: name.replace("-", "_")
    for name in ("server", "x-powered-by", "via", "location", "content-type", "icy-name", "icy-notice2")
}
_LISTS = {"www-authenticate": "www_authenticate", "proxy-authenticate": "proxy_authenticate"}


@lru_cache(256)  # servers agree in the fields that they send
def _among(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which of `_FIELDS` are among these `names`."""
    return [(name, key) for name, key in _FIELDS.items() if name in names]


def learn(wire: Wire, answer: Answer) -> None:
    """Tell of `answer` in the details of `wire`, and claim the service that the body names."""
    head, body = answer.head, answer.content()
    # The rules would read the same.
    handed_on = head.plain and head.size + len(answer.body) == len(wire.banner())
    said = (markup.look if handed_on else markup.read)(body, head.kind)
    found = describe(head)
    if said.title and not said.cut:
        found["title"] = said.title
    if said.generator:
        found["generator"] = said.generator
    if head.status == 400 and not wire.tls and any(phrase in body for phrase in TLS_EXPECTED):
        found["tls_expected"] = True
    wire.details.update(found)
    if handed_on:
        wire.reading = headers.answered(head.fields, said if body else None)
    if service := recognise(head, body):
        wire.claim(service)


def describe(head: Head) -> dict[str, object]:
    """The head's fields for details; docs/probes.md lists them."""
    found: dict[str, object] = {}
    if version := head.version.partition("/")[2]:
        found["http_version"] = version
    if head.status is not None:
        found["status"] = head.status
    fields = head.fields
    for name, key in _among(tuple(fields)):
        if value := fields[name][0]:
            found[key] = value[:LONGEST]
    for name, key in _LISTS.items():
        if name in fields:
            found[key] = head.all(name)
    if "set-cookie" in fields:
        found["cookies"] = [cookie.partition("=")[0].strip()[:64] for cookie in head.all("set-cookie")]
    if head.length is not None:
        found["content_length"] = head.length
    return found
