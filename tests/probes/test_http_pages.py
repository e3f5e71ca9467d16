"""The page behind HTTP's head: codings, charsets, titles, and where its reading ends."""

from __future__ import annotations

import codecs
import gzip
import zlib
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import Settings, identify
from banner.models import End, Service
from banner.plan.planner import planner
from banner.probes import http
from banner.recognition import headers, markup
from tests.probes.pages import HTTP, OK, get

PAGE = b"<html><head><TITLE lang=en>\n A &amp; B\t&#8211; C </TITLE></head><body>"
BODIES = {
    "length": b"Content-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE),
    "no length": b"\r\n" + PAGE,
    "chunked": b"Transfer-Encoding: chunked\r\n\r\n6;x=y\r\n%s\r\n%X\r\n%s\r\n0\r\n\r\n"
    % (PAGE[:6], len(PAGE) - 6, PAGE[6:]),
    "gzip": b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
    % (len(gzip.compress(PAGE)), gzip.compress(PAGE)),
    "zlib": b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE),
    "bare deflate": b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE, wbits=-15),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("size", [0, 1, 9])
def test_the_title_in_every_coding(body: bytes, size: int) -> None:
    assert get(OK + body, size=size).wire.details["title"] == "A & B \u2013 C"


def test_an_open_connection_with_a_length_is_not_waited_for() -> None:
    played = get(OK + b"Content-Length: 5\r\n\r\nhello", end=End.DEADLINE)
    assert played.ended is None
    assert played.waits == 1


def test_a_page_is_left_when_its_head_element_ends() -> None:
    played = get(OK + b"Content-Length: 100000\r\n\r\n" + PAGE, b"x" * 5000, end=End.DEADLINE)
    assert played.ended is None
    assert played.waits == 1


def test_the_head_element_may_end_across_segments() -> None:
    played = get(OK + b"\r\n<title>t</title></he", b"ad>", b"x" * 5000, end=End.DEADLINE)
    assert len(played.wire.received) < 100


@pytest.mark.parametrize("kind", [b"image/png", b"video/mp4", b"multipart/x-mixed-replace; boundary=x"])
def test_pictures_and_streams_are_not_read(kind: bytes) -> None:
    played = get(OK + b"Content-Type: " + kind + b"\r\n\r\n", b"x" * 5000)
    assert len(played.wire.received) < 200


def test_a_body_that_breaks_off_counts_as_far_as_it_came() -> None:
    said = OK + b"Content-Length: 5000\r\n\r\n<title>half a page</title>"
    for end in (End.EOF, End.RESET, End.DEADLINE):
        played = get(said, end=end)
        assert played.ended is end
        assert played.wire.details["title"] == "half a page"


def test_a_page_beyond_the_limit_ends_there() -> None:
    played = get(OK + b"Content-Length: 90000\r\n\r\n", *[b"x" * 4096] * 20)
    assert played.ended is End.LIMIT
    assert len(played.wire.received) == HTTP.limit
    assert played.service is not None


def test_a_bomb_stays_small() -> None:
    bomb = zlib.compress(b"<title>" + b"\0" * 8_000_000 + b"</title>")
    assert len(bomb) < HTTP.limit
    played = get(OK + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb)
    assert played.service is not None
    assert "title" not in played.wire.details


def test_a_character_reference_of_thousands_of_digits_is_text() -> None:
    title = get(OK + b"\r\n<title>&#" + b"9" * 9000 + b";</title>").wire.details["title"]
    assert isinstance(title, str)
    assert len(title) <= 512


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (b"application/json", None),
        (b"application/problem+json; charset=utf-8", None),
        (b"text/javascript", None),
        (b"text/css", None),
        (b"text/html", "A page"),
        (b"application/xhtml+xml", "A page"),
        (b"text/plain", "A page"),
        (b"", "A page"),
    ],
)
def test_what_quotes_a_page_has_no_title(kind: bytes, title: str | None) -> None:
    body = b'{"page": "<title>A page</title>"}'
    played = get(OK + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body)
    assert played.wire.details.get("title") == title
    fields = dict(headers.page(body, kind.decode()))
    assert fields.get("html_title") == title


def test_a_page_of_many_pieces_is_searched_once_a_kilobyte(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    visible = markup.visible

    def counting(page: str) -> str:
        searched.append(len(page))
        return visible(page)

    monkeypatch.setattr(markup, "visible", counting)
    pieces = b"5\r\n<body\r\n" * 1600
    get(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<!-- \r\n" + pieces + b"0\r\n\r\n")
    assert sum(searched) < 20 * 16_384


def test_titles_that_never_end_are_read_once() -> None:
    assert "title" not in get(OK + b"\r\n" + b"<title " * 2000).wire.details
    for part in (
        b'<a "',
        b"<a \"<a' ",
        b'"<a\'" ',
        b"<title x=\"<title '",
        b"<a '\"<a \"' ",
        b'<title a="x" ',
    ):
        page = part * (16000 // len(part))
        assert "title" not in get(OK + b"Content-Length: %d\r\n\r\n" % len(page) + page).wire.details


@pytest.mark.parametrize(
    "where", [b"Content-Type: text/html; charset=%s\r\n\r\n", b"\r\n<meta charset='%s'>"]
)
@pytest.mark.parametrize(
    ("charset", "title"),
    [("GB2312", "\u8def\u7531\u5668"), ("Shift_JIS", "\u8a2d\u5b9a"), ("windows-1251", "\u041c\u043e\u0441")],
)
def test_titles_in_the_pages_own_charset(where: bytes, charset: str, title: str) -> None:
    page = OK + where % charset.encode() + b"<title>" + title.encode(charset) + b"</title>"
    assert get(page).wire.details["title"] == title


@pytest.mark.parametrize("charset", [b"rot13", b"zlib_codec", b"idna", b"nonsense", b"utf-8"])
def test_other_charsets_are_latin_1(charset: bytes) -> None:
    page = OK + b"Content-Type: text/html; charset=" + charset + b"\r\n\r\n<title>caf\xe9 x</title>"
    assert get(page).wire.details["title"] == "caf\xe9 x"


def test_a_long_title_is_cut_between_characters() -> None:
    title = get(OK + b"\r\n<title>" + ("a" + "\u4e2d" * 900).encode() + b"</title>").wire.details["title"]
    assert title == "a" + "\u4e2d" * 511


def test_a_generator_is_kept() -> None:
    page = b'<head><meta name="generator" content="WordPress 6.4.2"></head>'
    assert get(OK + b"\r\n" + page).wire.details["generator"] == "WordPress 6.4.2"


@pytest.mark.parametrize("aside", [b"<!-- %b -->", b"<script>var a = '%b'</script>"])
@pytest.mark.parametrize("own", [b"", b"<META NAME=generator CONTENT='Hugo 0.1'>"])
def test_a_generator_in_a_comment_is_not_the_pages(aside: bytes, own: bytes) -> None:
    page = b"<head>" + aside % b'<meta name="generator" content="Joomla! 3">' + own + b"</head>"
    assert get(OK + b"\r\n" + page).wire.details.get("generator") == ("Hugo 0.1" if own else None)


@pytest.mark.parametrize("more", [b"", b"Server: a\r\nServer: b\r\n", b"X-AspNet-Version: 4.0.30319\r\n"])
def test_a_page_is_read_once_for_its_details_and_for_the_rules(
    more: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look through a page costs more than all that is held against it."""
    markup.read.cache_clear()
    title = mock.Mock(wraps=markup.title)
    monkeypatch.setattr(markup, "title", title)
    body = b"<html><head><title>Read once</title></head>"
    wire = get(OK + more + b"Content-Length: %d\r\n\r\n" % len(body) + body).wire
    assert wire.details["title"] == "Read once"
    planner(Settings()).recognised(Service("http"), http.PROBE, wire, 80)
    assert title.call_count == 1


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"]),
)
def test_any_body_is_survived(body: bytes, coding: bytes) -> None:
    assert get(OK + coding + b"\r\n" + body).wire.found is not None


NGINX = b"<html><head><title>Welcome to nginx!</title></head><body>it works</body></html>"


@pytest.mark.parametrize(
    "before",
    [
        b"<!-- " + NGINX + b" -->",
        b"<!--" + NGINX + b"--!>",
        b"<!--><!---><script>document.write('<title>no</title><!--')</script>",
        b"<STYLE>/* <title>no</title> */</style >",
        b"<svg viewBox='0 0 1 1'><title>Logo</title></svg>",
        b"""<meta content="<title>no</title>">""",
        b"""<base href='<title>no</title>' target="a">""",
        b"<![CDATA[<title>",
        b"<!ELEMENT <title>",
        b"<?php echo '<title>",
    ],
)
@pytest.mark.parametrize("size", [0, 1, 9])
def test_no_title_comes_from_a_comment_or_a_script(before: bytes, size: int) -> None:
    page = before + b"<html><head><title>Our own page</title></head>"
    assert (
        get(OK + b"Content-Length: %d\r\n\r\n" % len(page) + page, size=size).wire.details["title"]
        == "Our own page"
    )
    known = identify(OK + b"\r\n" + page)
    assert known is None or known.product is None


UMLAUT = "<html><head><title>M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668</title></head>"


@pytest.mark.parametrize(
    ("kind", "body", "title"),
    [
        (b"", codecs.BOM_UTF16_LE + UMLAUT.encode("utf-16-le"), "M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668"),
        (
            b"utf-8",
            codecs.BOM_UTF16_BE + UMLAUT.encode("utf-16-be"),
            "M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668",
        ),
        (b"utf-16", UMLAUT.encode("utf-16-le"), "M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668"),
        (b"gbk", codecs.BOM_UTF8 + UMLAUT.encode(), "M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668"),
        (b"gbk", UMLAUT.encode(), "M\u00e4rz \u6d4b\u8bd5\u8def\u7531\u5668"),
        (b"utf-8", b"<meta charset=gbk><title>" + "\u6d4b\u8bd5".encode("gbk") + b"</title>", "\u6d4b\u8bd5"),
        (b"gbk", b"<meta charset=utf-8><title>" + "\u6a21".encode("gbk") + b"</title>", "\u6a21"),
        (b"iso-8859-1", b"<meta charset=utf-8><title>" + "M\u00e4rz".encode() + b"</title>", "M\u00e4rz"),
        (
            b"",
            b"<?xml version='1.0' encoding='gb2312'?><title>" + "\u5185".encode("gbk") + b"</title>",
            "\u5185",
        ),
        (b"", b"""<title lang="a>b" class='c>d'>A title</title>""", "A title"),
        (b"utf-8", b"<!--<meta charset=gbk>--><title>M\xe4rz</title>", "M\u00e4rz"),
        (
            b"utf-8",
            b"<title>" + "\u6d4b\u8bd5".encode() + b"</title>" + "\u6d4b".encode() * 9 + b"\xff",
            "\u6d4b\u8bd5",
        ),
    ],
)
def test_the_charset_is_the_first_that_the_bytes_bear_out(kind: bytes, body: bytes, title: str) -> None:
    head = OK + b"Content-Type: text/html; charset=%s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
    assert get(head + body).wire.details["title"] == title
