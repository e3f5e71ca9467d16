"""HTTP as it is written in the wild: the request, heads, and who is understood beyond them."""

from __future__ import annotations

import pytest

from banner import identify
from banner.dialogue import Wire
from banner.models import Manners, Service
from tests.probes.pages import HTTP, OK, get

from .conversation import play, server


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


def test_long_values_are_cut() -> None:
    details = get(OK + b"Server: " + b"s" * 5000 + b"\r\nVia: v\r\nContent-Length: 0\r\n\r\n").wire.details
    assert details["server"] == "s" * 512


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


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(
    "page",
    [
        b"<!-- a <head> of before --><html><title>Old</title>",
        b"\xef\xbb\xbf<!-- a --> <!---->\r\n<HTML><title>Old</title>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html><html><title>Old</title>',
        b"<h1>It works!</h1>",
        b"<p>Hello",
        b"<b>400</b>",
        b"<frameset>",
    ],
)
def test_a_page_without_a_head_may_begin_with_any_element(page: bytes, size: int) -> None:
    talk = get(page, size=size)
    assert talk.service == Service("http")
    assert talk.wire.details.get("title") == ("Old" if b"<title" in page else None)


@pytest.mark.parametrize(
    "said",
    [
        b"<?xml version='1.0'?><stream:stream xmlns='jabber:client'>",
        b'<?xml version="1.0"?><cross-domain-policy/>',
        b"<!-- never ends <html>",
        b"<unknown>",
        b"<prefix>",
        b"<134>Jan  1 syslog",
        b"<",
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_other_markup_is_no_page(said: bytes, size: int) -> None:
    assert get(said, size=size).service is None


@pytest.mark.parametrize("size", [1, 1000])
def test_who_greets_with_http2_where_clients_speak_first_is_told_too(size: int) -> None:
    greeting = bytes.fromhex("0000060400000000 00000300000080 000004080000000000003f0001".replace(" ", ""))
    talk = get(greeting, size=size)
    assert talk.service == Service("http")
    assert talk.wire.details == {"http2": {"max_concurrent_streams": 128}}


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
            b"NTLM TlRMTVNTUAAB",
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
