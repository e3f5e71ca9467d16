"""Answers that begin with a status line and headers: HTTP (RFC 9112), RTSP (RFC 7826), SIP (RFC 3261)."""

from __future__ import annotations

import re
from functools import lru_cache

from .fields import BY_STRUCTURE, Reading

_HTTP = {
    "server": "http_header.server", "www-authenticate": "http_header.wwwauth",
    "set-cookie": "http_header.cookie",
    "x-powered-by": "http_header.powered_by", "x-aspnet-version": "http_header.powered_by",
    "x-generator": "http_header.generator", "via": "http_header.via", "location": "http_header.location",
}  # fmt: skip
_RTSP = {"server": "rtsp_header.server", "www-authenticate": "http_header.wwwauth"}
_SIP = {"server": "sip_header.server", "user-agent": "sip_header.user_agent"}
_RANK = {
    key: rank
    for rank, key in enumerate((
        "http_header.server", "rtsp_header.server", "sip_header.server", "sip_header.user_agent",
        "http_header.wwwauth", "html_title", "http_header.cookie", "http_header.powered_by",
        "html_generator", "http_header.generator",
        "http_header.via", "http_header.location", "http_body",
    ))
}  # fmt: skip
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,512})", re.IGNORECASE)
_GENERATOR = re.compile(r"<meta\s+name=[\"']?generator[\"']?\s+content=[\"']([^\"'<>]{1,256})", re.IGNORECASE)


def http(text: str) -> Reading:
    """An HTTP answer, headers and the beginning of the body."""
    head, body = _split(text)
    fields = _fields(head, _HTTP)
    if body:
        fields += page(body)
    fields.sort(key=_rank)
    return Reading("http", fields, BY_STRUCTURE)


def rtsp(text: str) -> Reading:
    """An RTSP answer."""
    return Reading("rtsp", sorted(_fields(_split(text)[0], _RTSP), key=_rank), BY_STRUCTURE)


def sip(text: str) -> Reading:
    """A SIP answer."""
    return Reading("sip", sorted(_fields(_split(text)[0], _SIP), key=_rank), BY_STRUCTURE)


def page(body: str) -> list[tuple[str, str]]:
    """The fields of a page: its title, its generator, itself."""
    fields = []
    if "<" in body:
        if "<title" in body.lower() and (title := _TITLE.search(body)):
            text = title.group(1)
            text = " ".join((_unescaped(text) if "&" in text else text).split())
            if text:
                fields.append(("html_title", text))
        if "enerator" in body and (generator := _GENERATOR.search(body)):
            fields.append(("html_generator", generator.group(1)))
    fields.append(("http_body", body[:1024]))
    return fields


def _unescaped(text: str) -> str:
    import html  # its table of 2,231 names is loaded for the few titles that hold one

    return html.unescape(text)


def _rank(field: tuple[str, str]) -> int:
    return _RANK[field[0]]


def _split(text: str) -> tuple[str, str]:
    head, gap, body = text.partition("\r\n\r\n")
    if not gap:
        head, _, body = text.partition("\n\n")
    return head, body


def _fields(head: str, wanted: dict[str, str]) -> list[tuple[str, str]]:
    fields = []
    for line in head.split("\n")[1:]:
        name, value = field(line)
        if value and (key := wanted.get(name)) is not None:
            fields.append((key, f"ASP.NET/{value}" if name == "x-aspnet-version" else value))
    return fields


def field(line: str) -> tuple[str, str | None]:
    """The name, in lower case, and the value of a head's line; no value where it is no field."""
    return _usual(line) if len(line) <= _USUAL else _field(line)


def _field(line: str) -> tuple[str, str | None]:
    name, colon, value = line.partition(":")
    return (name.strip().lower(), value.strip()) if colon else ("", None)


_USUAL = 96
"""Characters of a line that is remembered: most lines of a head are those of thousands of others."""
_usual = lru_cache(4096)(_field)
