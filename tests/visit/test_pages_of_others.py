"""A service of its own that answers GET with a page, to tell browsers what it is, is told as itself."""

from __future__ import annotations

import pytest

from banner import Target, Timeouts, grab, identify, scan, testing
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from tests.usual import usual

PAGES = [
    (rule.constants["service.protocol"], collection.matches, told[0].text)
    for collection in (read(path) for path in sorted(BUILT_IN.glob("http_*.xml")))
    for rule, told in zip(collection.rules, collection.examples, strict=True)
    if rule.constants.get("service.protocol", "http") != "http"
]


@pytest.mark.parametrize(("name", "key", "text"), PAGES, ids=[name for name, _, _ in PAGES])
@pytest.mark.parametrize("driver", ["grab", "sweep", "streams"])
async def test_it_is_told_as_itself(name: str, key: str, text: str, driver: str) -> None:
    assert key in ("http_body", "html_title"), "say here how a page has that field"
    body = text if key == "http_body" else f"<html><head><title>{text}</title></head></html>"
    page = b"HTTP/1.0 501 No\r\nContent-Type: text/html\r\n\r\n" + body.encode()

    async def handler(connection: testing.Connection) -> None:
        if (await connection.read()).startswith(b"GET "):
            await connection.write(page)

    said = Timeouts(connect=5, read=5, total=20)
    async with testing.serve(handler) as at:
        with usual("http", ports=(at.port,)):
            if driver == "grab":
                got = await grab("127.0.0.1", at.port, timeouts=said)
            else:
                async with scan([Target("127.0.0.1", at.port)], driver=driver, timeouts=said) as results:  # type: ignore[arg-type]  # as pytest gives it
                    got = await anext(results)
    alone = identify(page)
    assert alone is not None
    assert got.service is not None
    assert (got.service.name, got.service.product) == (name, alone.product)
    assert alone.name == name


def test_there_are_some() -> None:
    assert {name for name, _, _ in PAGES} >= {"tor-control", "socks", "clickhouse"}
