"""Whole greetings around the examples of the built-in rules: what the rules know, as a server would say it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read

HEADERS = {
    "http_header.server": "Server", "http_header.wwwauth": "WWW-Authenticate", "http_header.cookie": "Set-Cookie",
    "http_header.powered_by": "X-Powered-By", "http_header.generator": "X-Generator", "http_header.via": "Via",
    "http_header.location": "Location",
}  # fmt: skip
PORTS = {
    "ssh.banner": 22, "ftp.banner": 21, "smtp.banner": 25, "nntp.banner": 119, "pop3.banner": 110, "imap4.banner": 143,
    "telnet.banner": 23, "rsync.banner": 873,
}  # fmt: skip
_CODES = {"ftp.banner": 220, "smtp.banner": 220, "nntp.banner": 200}
_FRAMES = {
    "ssh.banner": "SSH-2.0-{}\r\n", "pop3.banner": "+OK {}\r\n", "imap4.banner": "* OK {}\r\n", "telnet.banner": "{}",
    "rsync.banner": "@RSYNCD: {}\n", "greeting": "{}",
    "rtsp_header.server": "RTSP/1.0 200 OK\r\nServer: {}\r\n\r\n",
    "sip_header.server": "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nServer: {}\r\n\r\n",
    "sip_header.user_agent": (
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nUser-Agent: {}\r\n\r\n"
    ),
    "http_header.own": "HTTP/1.1 200 OK\r\n{}\r\n\r\n",
    "http_body": "HTTP/1.1 200 OK\r\n\r\n{}",
}  # fmt: skip
_PAGE = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head>{}</head><body></body></html>"
_ON_PAGES = {"html_title": "<title>{}</title>", "html_generator": '<meta name="generator" content="{}">'}


class Told(NamedTuple):
    """An example of a rule: its key, its text, and the greeting around it, of which it begins at ``start``."""

    key: str
    text: str
    greeting: bytes
    start: int


def framed(key: str, text: str) -> str | None:
    """A greeting whose field `key` is `text`; None for keys whose frame is no text."""
    if code := _CODES.get(key):
        *lines, last = text.split("\n")
        return "".join(f"{code}-{line}\r\n" for line in lines) + f"{code} {last}\r\n"
    if header := HEADERS.get(key):
        return f"HTTP/1.1 200 OK\r\n{header}: {text}\r\n\r\n"
    if tag := _ON_PAGES.get(key):
        return _PAGE.replace("{}", tag).replace("{}", escape(text))
    frame = _FRAMES.get(key)
    return None if frame is None else frame.replace("{}", text)


def corpus() -> Iterator[Told]:
    """Every example of every rule whose field is a text."""
    for path in sorted(BUILT_IN.glob("*.xml")):
        collection = read(path)
        codec = "latin-1" if collection.matches == "greeting" else "utf-8"
        for example in (example for told in collection.examples for example in told):
            if (whole := framed(collection.matches, example.text)) is not None:
                greeting = whole.encode(codec, "replace")
                begin = whole.partition(example.text.partition("\n")[0])[0]
                yield Told(collection.matches, example.text, greeting, len(begin.encode(codec, "replace")))
