"""Rules read what was parsed, not the bytes: each field with its own bound, the page as its reader sees it."""

from __future__ import annotations

import gzip
import zlib

import msgspec
import pytest

from banner import Rules, identify
from banner.formats.identify_records import identify_line

PAGE = b"<html><head><style>" + b"p{}" * 2000 + b"</style><title>Grafana</title></head></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOTH = b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
LONG = b"Content-Security-Policy: " + b"default-src 'self'; " * 200 + b"\r\n"


def chunked(body: bytes, size: int = 1000) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "product"),
    [
        (HEAD + LONG + b"Server: nginx/1.25.3\r\n\r\n", "nginx"),
        (HEAD + b"\r\n" + PAGE, "Grafana"),
        (HEAD + LONG + b"\r\n" + PAGE, "Grafana"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE), "Grafana"),
        (HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(PAGE), "Grafana"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(PAGE), "Grafana"),
        (HEAD + BOTH + chunked(gzip.compress(PAGE), 7), "Grafana"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Server: nginx/1.25.3\r\n\r\n", "nginx"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + HEAD + b"Server: nginx/1.25.3\r\n\r\n", "nginx"),
    ],
    ids=["long head", "long page", "both", "gzip", "deflate", "chunked", "chunked gzip", "after 100", "after 103"],
)  # fmt: skip
@pytest.mark.parametrize("protocol", [None, "http"])
def test_a_field_is_read_wherever_it_stands(answer: bytes, product: str, protocol: str | None) -> None:
    found = identify(answer, protocol=protocol)
    assert found is not None
    assert (found.name, found.product) == ("http", product)


@pytest.mark.parametrize(
    "body", [b"\0" * 70000, gzip.compress(b"a" * 10**7), b"\xff" * 5000, b"ffffffffffff\r\nx"]
)
@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"x"])
@pytest.mark.parametrize("transfer", [b"chunked", b"identity"])
def test_no_body_raises(body: bytes, coding: bytes, transfer: bytes) -> None:
    answer = (
        HEAD + b"Content-Encoding: " + coding + b"\r\nTransfer-Encoding: " + transfer + b"\r\n\r\n" + body
    )
    found = identify(answer)
    assert found is not None
    assert found.name == "http"


@pytest.mark.parametrize(
    ("answer", "product", "version"),
    [
        (HEAD + b'\r\n{"title":"qdrant - vector search engine","version":"1.7.3"}', "Qdrant", "1.7.3"),
        (HEAD + b"X-Influxdb-Version: v2.7.4\r\n\r\n", "InfluxDB", "2.7.4"),
        (HEAD + b"X-Jenkins: 2.426.1\r\n\r\n", "Jenkins", "2.426.1"),
        (HEAD + b"X-Syncthing-Version: v1.23.4\r\n\r\n", "Syncthing", "1.23.4"),
        (HEAD + b"kbn-name: watcher\r\n\r\n", "Kibana", None),
    ],
)
def test_bytes_alone_tell_what_the_dialogue_knows(answer: bytes, product: str, version: str | None) -> None:
    found = identify(answer)
    assert found is not None
    assert (found.product, found.version) == (product, version)


@pytest.mark.parametrize(
    ("details", "product"),
    [
        ({"server": "nginx/1.25.3"}, "nginx"),
        ({"title": "Grafana"}, "Grafana"),
        ({"server": 3, "title": None}, None),
    ],
)
def test_a_record_whose_banner_is_cut_is_read_with_its_details(
    details: dict[str, object], product: str | None
) -> None:
    record = {
        "host": "192.0.2.1",
        "port": 80,
        "banner": "HTTP/1.1 200 OK\r\nServer: ngi",
        "end": "limit",
        "details": details,
    }
    read = msgspec.json.decode(identify_line(msgspec.json.encode(record), Rules(remembered=0)))
    assert read["service"].get("product") == product


@pytest.mark.parametrize("first", ["Foo", "Foo/1.0"])
def test_a_second_server_is_read_beside_the_one_that_the_dialogue_told(first: str) -> None:
    answer = HEAD + f"Server: {first}\r\nServer: nginx/1.25.3\r\n\r\n".encode()
    found = Rules(remembered=0).fresh(answer, 80, "http", (("http_header.server", first),))
    assert found is not None
    assert (found.product, found.version) == ("nginx", "1.25.3")
