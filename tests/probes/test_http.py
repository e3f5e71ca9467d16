"""HTTP as it is written in the wild: heads, bodies, titles, and what they cost."""

from __future__ import annotations

import codecs
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import identify, probes
from banner.dialogue import Wire
from banner.models import End, Manners, Service

from .conversation import Played, play, server

HTTP = probes.get("http")
OK = b"HTTP/1.1 200 OK\r\n"


def get(*said: bytes, size: int = 0, end: End = End.EOF, limit: int | None = None) -> Played:
    return play(HTTP, [server(part) for part in said], strict=False, size=size, end=end, limit=limit)


def asked(host: str, port: int, *, tls: bool = False, manners: Manners = Manners()) -> bytes:  # noqa: B008 - frozen
    wire = Wire(host, port, tls=tls, manners=manners)
    next(HTTP.talk(wire))
    return wire.outgoing()


def test_the_request() -> None:
    assert asked("host.example", 80, manners=Manners(user_agent="who/1")) == (
        b"GET / HTTP/1.1\r\nHost: host.example\r\nUser-Agent: who/1\r\n"
        b"Accept: */*\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("host", "port", "tls", "name"),
    [
        ("host.example", 443, True, b"host.example"),
        ("host.example", 80, True, b"host.example:80"),
        ("host.example", 443, False, b"host.example:443"),
        ("192.0.2.7", 8080, False, b"192.0.2.7:8080"),
        ("2001:db8::7", 80, False, b"[2001:db8::7]"),
        ("fe80::7%eth0", 8080, False, b"[fe80::7]:8080"),
    ],
)
def test_the_host_is_named_as_the_caller_did(host: str, port: int, tls: bool, name: bytes) -> None:
    assert b"\r\nHost: " + name + b"\r\n" in asked(host, port, tls=tls)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\nServer: x\n\n",
        b"HTTP/1.1 200\r\nServer: x\r\n\r\n",
        b"HTTP/1 200 OK\r\nServer: x\r\n\r\n",
        b"HTTP/1.1  200   OK\r\nServer: x\r\n\r\n",
        b"HTTP/1.1\t200\tOK\r\nServer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer : x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\nServer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: no name\r\nServer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: x\r\nServer: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: x",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: y\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n",
    ],
)
@pytest.mark.parametrize("size", [0, 1])
def test_sloppy_heads_are_read(head: bytes, size: int) -> None:
    played = get(head, size=size)
    assert played.service is not None
    assert played.wire.details["status"] == 200
    assert played.wire.details["server"] == "x"


def test_a_head_in_another_encoding_or_with_control_characters_is_kept() -> None:
    assert get(OK + b"Server: caf\xe9\x00\x1b[31m\r\n\r\n").wire.details["server"] == "caf\xe9\x00\x1b[31m"


@pytest.mark.parametrize(
    "said",
    [b"RTSP/1.0 400 Bad Request\r\n\r\n", b"SIP/2.0 400 Bad\r\n\r\n", b"ICYBOX\r\n\r\n", b"220 HTTP\r\n"],
)
def test_the_heads_of_others_are_not_claimed(said: bytes) -> None:
    assert get(said).service is None


def test_endless_continues_are_let_go() -> None:
    assert get(b"HTTP/1.1 100 Continue\r\n\r\n" * 20).service is None


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


def test_titles_that_never_end_are_read_once() -> None:
    assert "title" not in get(OK + b"\r\n" + b"<title " * 2000).wire.details


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


def test_long_values_are_cut() -> None:
    details = get(OK + b"Server: " + b"s" * 5000 + b"\r\nVia: v\r\nContent-Length: 0\r\n\r\n").wire.details
    assert details["server"] == "s" * 512


def test_a_generator_is_kept() -> None:
    page = b'<head><meta name="generator" content="WordPress 6.4.2"></head>'
    assert get(OK + b"\r\n" + page).wire.details["generator"] == "WordPress 6.4.2"


def test_cookies_are_named_and_not_kept() -> None:
    played = get(
        OK + b"Set-Cookie: PHPSESSID=secret; path=/\r\nset-cookie: lang=en\r\nContent-Length: 0\r\n\r\n"
    )
    assert played.wire.details["cookies"] == ["PHPSESSID", "lang"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
        b"Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"Bad Request\r\nThis combination of host and port requires TLS.\r\n",
    ],
)
def test_a_server_that_wants_tls_is_understood(body: bytes) -> None:
    refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    assert get(refusal).wire.details["tls_expected"] is True
    assert "tls_expected" not in play(HTTP, [server(refusal)], strict=False, tls=True).wire.details
    assert "tls_expected" not in get(refusal.replace(b" 400 ", b" 200 ")).wire.details


ELASTIC = b'{"name":"n","cluster_name":"c","version":{"number":"8.11.1"},"tagline":"You Know, for Search"}'
OPENSEARCH = b'{"name":"n","cluster_name":"c","version":{"distribution":"opensearch","number":"2.11.0"}}'
COUCHDB = b'{"couchdb":"Welcome","version":"3.3.3","vendor":{"name":"The Apache Software Foundation"}}\n'
NEO4J = b'{"bolt_routing":"neo4j://h:7687","neo4j_version":"5.13.0","neo4j_edition":"community"}'
FORBIDDEN = b'{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":403}'


@pytest.mark.parametrize(
    ("head", "body", "product", "version"),
    [
        (b"", ELASTIC, "Elasticsearch", "8.11.1"),
        (b"", OPENSEARCH, "OpenSearch", "2.11.0"),
        (b"", COUCHDB, "CouchDB", "3.3.3"),
        (b"", NEO4J, "Neo4j", "5.13.0"),
        (b"", b'{"title":"qdrant - vector search engine","version":"1.7.4"}', "Qdrant", "1.7.4"),
        (b"", FORBIDDEN, "Kubernetes", None),
        (b"X-elastic-product: Elasticsearch\r\n", b'{"error":{},"status":401}', "Elasticsearch", None),
        (b"kbn-name: kibana\r\nkbn-version: 7.4.0\r\n", b"", "Kibana", "7.4.0"),
        (b"X-Jenkins: 2.426.1\r\n", b"", "Jenkins", "2.426.1"),
        (b"X-Influxdb-Version: v2.7.4\r\n", b"", "InfluxDB", "2.7.4"),
        (b"X-ClickHouse-Server-Display-Name: h\r\n", b"Ok.\n", "ClickHouse", None),
    ],
)
def test_who_serves_json_at_the_root(head: bytes, body: bytes, product: str, version: str | None) -> None:
    service = get(OK + head + b"Content-Length: %d\r\n\r\n" % len(body) + body).service
    assert service is not None
    assert (service.name, service.product, service.version) == ("http", product, version)
    assert service.cpe


@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 9000, b'{"version":' * 900, b'{"couchdb":"Welcome","version":7}', b'{"a":"\\ud800"}'],
)
def test_hostile_json_costs_nothing(body: bytes) -> None:
    service = get(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body).service
    assert service is not None
    assert service.version is None


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"]),
)
def test_any_body_is_survived(body: bytes, coding: bytes) -> None:
    assert get(OK + coding + b"\r\n" + body).wire.found is not None


@pytest.mark.parametrize(
    ("root", "product", "version"),
    [
        (b'{"title":"qdrant - vector search engine","version":"1.7.4"}', "Qdrant", "1.7.4"),
        (b'{"title":"a page about qdrant","version":"1.7.4"}', None, None),
        (b'{"couchdb":"Welcome","version":"3.3.3","uuid":"x"}', "CouchDB", "3.3.3"),
        (b'{"neo4j_version":"5.12.0","neo4j_edition":"community"}', "Neo4j", "5.12.0"),
        (b'{"cluster_name":"c","version":{"number":"8.1.0"}}', "Elasticsearch", "8.1.0"),
        (
            b'{"cluster_name":"c","version":{"number":"2.9.0","distribution":"opensearch"}}',
            "OpenSearch",
            "2.9.0",
        ),
        (b'{"kind":"Status","apiVersion":"v1","status":"Failure"}', "Kubernetes", None),
        (b'{"kind":"Status","apiVersion":"v1"}', None, None),
        (b'[{"couchdb":"Welcome"}]', None, None),
    ],
)
def test_software_that_names_itself_at_the_root(
    root: bytes, product: str | None, version: str | None
) -> None:
    found = get(OK + b"Content-Length: %d\r\n\r\n%s" % (len(root), root)).service
    assert found is not None
    assert (found.product, found.version) == (product, version)


NGINX = b"<html><head><title>Welcome to nginx!</title></head><body>it works</body></html>"


@pytest.mark.parametrize(
    "before",
    [
        b"<!-- " + NGINX + b" -->",
        b"<!--" + NGINX + b"--!>",
        b"<!--><!---><script>document.write('<title>no</title><!--')</script>",
        b"<STYLE>/* <title>no</title> */</style >",
        b"<svg viewBox='0 0 1 1'><title>Logo</title></svg>",
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


@pytest.mark.parametrize("fold", [b"\r\n ", b"\n\t", b"\r\n \t "])
def test_a_folded_field_is_one(fold: bytes) -> None:
    head = OK + b"Server: nginx/1.24.0" + fold + b"(Ubuntu)\r\nContent-Length: 0\r\n\r\n"
    assert get(head).wire.details["server"] == "nginx/1.24.0 (Ubuntu)"
    known = identify(head)
    assert known is not None
    assert (known.version, known.os) == ("1.24.0", "Ubuntu Linux")


@pytest.mark.parametrize(
    "page", [b"<html><head><title>Old</title></head>", b"\r\n<!DOCTYPE html><TITLE>Old</TITLE>"]
)
@pytest.mark.parametrize("size", [0, 1])
def test_a_page_without_a_head_is_http_too(page: bytes, size: int) -> None:
    played = get(page, size=size)
    assert (played.service, played.wire.details["title"]) == (Service("http"), "Old")
    assert get(b"<?xml version='1.0'?><stream:stream>").service is None


def test_shoutcast_says_ok_in_its_own_words() -> None:
    notice = b"icy-notice2:SHOUTcast Distributed Network Audio Server/Linux v1.9.8<BR>\r\n"
    said = b"ICY 200 OK\r\n" + notice + b"content-type:audio/mpeg\r\n\r\n"
    played = get(said)
    assert (played.service, played.wire.details["status"]) == (Service("http"), 200)
    known = identify(said)
    assert known is not None
    assert (known.name, known.product, known.version) == ("http", "SHOUTcast", "1.9.8")


def test_the_rules_read_the_answer_after_informational_heads() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nServer: Apache\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    known = identify(hints + OK + b"Server: nginx/1.24.0\r\n\r\n")
    assert known is not None
    assert (known.product, known.version) == ("nginx", "1.24.0")


NTLM = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 2\r\n\r\nno"


def test_light_mode_closes_and_asks_for_no_names() -> None:
    played = play(HTTP, [server(NTLM)], strict=False)
    assert b"Connection: close" in played.wire.sent
    assert bytes(played.wire.sent).count(b"GET ") == 1


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (NTLM, b"NTLM TlRMTVNTUAAB"),
        (NTLM.replace(b": NTLM", b": Negotiate"), b"Negotiate YEgGBisGAQUFAqA"),
        (
            NTLM.replace(b": NTLM", b': Negotiate\r\nWWW-Authenticate: Basic realm="x", NTLM'),
            b"Negotiate YEgG",
        ),
        (NTLM.replace(b": NTLM", b": Negotiate, NTLM"), b"NTLM TlRMTVNTUAAB"),
        (NTLM.replace(b": NTLM", b': Basic realm="NTLM"'), b""),
        (NTLM.replace(b": NTLM", b": NTLMish"), b""),
        (NTLM.replace(b"401", b"200"), b""),
    ],
)
def test_full_mode_asks_who_offers_it(answer: bytes, asked: bytes) -> None:
    sent = bytes(play(HTTP, [server(answer)], strict=False, deep=True).wire.sent)
    assert (b"Authorization: " + asked in sent) == bool(asked)
    assert sent.count(b"GET ") == 1 + bool(asked)
