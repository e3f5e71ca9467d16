"""What the dialogue of HTTP has read is not read again for the rules: what it hands on is what they would read."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from banner.dialogue import Ended, Wire
from banner.models import End
from banner.probes import http
from banner.recognition.headers import completed, told
from banner.recognition.structure import readings

FIELDS = [
    b"Server: nginx/1.22.1",
    b"Server: WNDR3700 UPnP/1.0 miniupnpd/1.0",
    b"Server:",
    b"server : Boa \xc3\xa4",
    b"Server: \xff",
    b"X-Powered-By: PHP/8.1.2",
    b"X-Powered-By: " + b"Express/" * 100,
    b"X-AspNet-Version: 4.0.30319",
    b"X-Generator: Drupal 10",
    b"Via: 1.1 varnish",
    b"Location: /" + b"login" * 500,
    b'WWW-Authenticate: Basic realm="x"',
    b"WWW-Authenticate: NTLM",
    b"Set-Cookie: JSESSIONID=1",
    b"Set-Cookie: PHPSESSID=2",
    b"ICY-notice2: SHOUTcast",
    b"Link: </wp-json/>",
    b" folded: 1",
    b"Content-Type: text/html; charset=koi8-r",
    b"Content-Type: application/json",
    b"Content-Type: image/png",
    b"Content-Type:",
    b"Content-Encoding: gzip",
    b"Content-Encoding:",
    b"Transfer-Encoding: chunked",
    b"Content-Length: 9",
    b"no colon",
    b"\r",
]
PAGE = b"<html><head><title>One</title><meta name='generator' content='WordPress 6.4'></head><body>x</body></html>"
BODIES = [
    b"",
    PAGE,
    b"<title>cut off he",
    b"\n\n" + PAGE,
    gzip.compress(PAGE),
    b'{"title":"<title>x</title>"}',
    b"9\r\n<title>a</\r\n0\r\n",
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n" + PAGE,
]
FIRST = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.0 401 No",
    b"HTTP/1.1 204",
    b"HTTP/1.1 100 Go",
    b"HTTP/1.1 101 Other",
    b"HTTP/1.1 1000 Go",
    b"HTTP/1.1 1 Go",
    b"ICY 200 OK",
    b"HTTP/x",
]


def heard(data: bytes) -> Wire:
    """The dialogue is told `data` and then the end."""
    wire = Wire("192.0.2.1", 80)
    talk = http.PROBE.talk(wire)
    try:
        next(talk)
        wire.feed(data)
        next(talk)
        wire.close(End.EOF)
        while True:
            next(talk)
    except (StopIteration, Ended):
        return wire


@given(
    st.sampled_from(FIRST),
    st.lists(st.sampled_from(FIELDS), max_size=6),
    st.sampled_from([b"\r\n", b"\n"]),
    st.sampled_from(BODIES),
)
@example(FIRST[0], [b"X-AspNet-Version: 4.0.30319", b"X-Powered-By: PHP/8.1.2"], b"\r\n", PAGE)
@example(FIRST[0], [b"Server: a/1", b"Server: b/2"], b"\r\n", PAGE)
@example(FIRST[0], [b"Location: /" + b"x" * 600], b"\r\n", PAGE)
@example(FIRST[0], [b"Content-Type:", b"Content-Type: image/png"], b"\r\n", PAGE)
@example(b"HTTP/1.1 1000 Go", [b"Server: a/1"], b"\r\n", BODIES[-1])
def test_what_is_handed_on_is_what_the_rules_would_read(
    first: bytes, fields: list[bytes], line: bytes, body: bytes
) -> None:
    data = line.join([first, *fields, b"", body])
    wire = heard(data)
    if wire.reading is not None:
        assert wire.reading == completed(readings(data, 80, "http")[0], told(wire.details))


@pytest.mark.parametrize("length", [b"", b"Content-Length: %d\r\n" % len(PAGE)])
def test_a_usual_answer_is_handed_on(length: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
    handed = heard(head + length + b"\r\n" + PAGE).reading
    keys = ["http_header.server", "html_title", *["http_header.cookie"] * 2, "html_generator", "http_body"]
    assert [key for key, _ in handed.fields] == keys


def test_what_was_read_of_less_is_not_handed_on() -> None:
    refusal = b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
    wire = Wire("192.0.2.1", 80, deep=True)
    talk = http.PROBE.talk(wire)
    next(talk)
    wire.feed(refusal)
    next(talk)
    assert wire.reading is not None
    wire.paused = True
    next(talk)
    wire.feed(refusal)
    with pytest.raises(StopIteration):
        next(talk)
    assert wire.reading is None
