"""Two scans on one page: of changes alone, and of the later scan with what the earlier one counted."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selenium.webdriver.common.by import By

from banner.cli.main import main
from banner.formats.record import encode
from banner.models import Grab, Service, Status, Transport
from banner.report.assemble import page
from banner.report.changes import changes_page
from banner.report.difference import Kind, compare
from banner.report.overview import scan_page
from banner.report.sides import sides
from banner.report.since import Since

from .browser import Browser, chromium
from .sample import DAY, NOON, hostile

APACHE = Service("http", "Apache", "httpd", "2.4.6")


def grab(host: str, port: int = 80, **fields: Any) -> Grab:
    usual: dict[str, Any] = {"time": NOON, "host": host, "port": port, "ip": host, "status": Status.BANNER}
    return Grab(**(usual | {"service": APACHE, "banner": b"HTTP/1.1 200 OK\r\n"} | fields))


NEWER = msgspec.structs.replace(APACHE, version="2.4.62")
OLD = [
    grab("192.0.2.1"),
    grab("192.0.2.2"),
    grab("192.0.2.2", 443),
    grab("192.0.2.2", 8080, service=None, banner=b"hello\r\n"),
    grab("192.0.2.4", 6379, service=Service("constructor"), banner=b"x"),
]
NEW = [
    grab("192.0.2.1", time=NOON + DAY, service=NEWER, banner=b"HTTP/1.1 403 Forbidden\r\n"),
    grab("192.0.2.3", time=NOON + DAY),
    grab("192.0.2.4", 6379, time=NOON + DAY, service=Service("redis", "Redis", "Redis"), banner=b"+PONG\r\n"),
]


def told() -> dict[str, Any]:
    return changes_page(compare(OLD, NEW), ["monday", "tuesday"], NOON, sides(OLD, NEW))


def read(page: dict[str, Any], name: str) -> list[str | None]:
    values, codes = page["columns"][name]["values"], page["columns"][name]["codes"]
    return [None if code < 0 else values[code] for code in codes]


def test_a_host_is_told_once_with_the_software_of_its_ports() -> None:
    data = told()
    lines = list(
        zip(read(data, "target"), read(data, "kind"), read(data, "before"), read(data, "after"), strict=True)
    )
    assert (
        "192.0.2.2",
        "host-vanished",
        "80 Apache httpd 2.4.6, 443 Apache httpd 2.4.6, 8080",
        None,
    ) in lines
    assert ("192.0.2.3", "host-appeared", None, "80 Apache httpd 2.4.6") in lines
    assert [line for line in lines if str(line[0]).startswith(("192.0.2.2:", "192.0.2.3:"))] == []


def test_a_version_is_told_with_its_product_and_both_greetings() -> None:
    data = told()
    at = read(data, "kind").index("version-changed")
    assert (read(data, "before")[at], read(data, "after")[at]) == (
        "Apache httpd 2.4.6",
        "Apache httpd 2.4.62",
    )
    record = json.loads(zlib.decompress(base64.b64decode(data["blocks"][0])))[at]
    assert record["was"]["banner"] == "HTTP/1.1 200 OK\r\n"
    assert record["is"]["banner"] == "HTTP/1.1 403 Forbidden\r\n"
    assert record["was"]["time"] < record["is"]["time"]


def test_the_dates_of_both_scans_stand_above() -> None:
    facts = dict(told()["facts"])
    assert facts["Before"] == "monday (2026-11-22 12:00:00 UTC, 0.0 s)"
    assert facts["After"] == "tuesday (2026-11-23 12:00:00 UTC, 0.0 s)"


def test_one_port_over_two_transports_is_two_places() -> None:
    dns = Service("domain", product="dnsmasq")
    both = [grab("192.0.2.1", 53, service=dns), grab("192.0.2.1", 53, service=dns, transport=Transport.UDP)]
    assert compare(both, both) == []
    (gone,) = compare(both, both[:1])
    assert (gone.kind, gone.transport) == (Kind.SERVICE_VANISHED, Transport.UDP)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both pages, as the commands write them."""
    folder = tmp_path_factory.mktemp("since")
    for name, grabs in (("monday.jsonl", OLD), ("tuesday.jsonl", NEW)):
        (folder / name).write_bytes(b"".join(map(encode, grabs)))
    old, new = str(folder / "monday.jsonl"), str(folder / "tuesday.jsonl")
    assert main(["report", new, "--since", old, "-o", str(folder / "since.html")]) == 0
    assert main(["diff", old, new, "-o", str(folder / "diff.html")]) == 1
    return {name: folder / f"{name}.html" for name in ("since", "diff")}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        browser.emulate(1280)
        yield browser


def bars(browser: Browser, card: str) -> dict[str, str]:
    script = "return [...document.querySelectorAll(`#card-${arguments[0]} ~ * button`)].map(b => b.title)"
    return dict(str(title).rsplit(": ", 1) for title in browser.run(script, card) if title)


def test_no_bar_is_null(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["diff"])
    assert set(bars(browser, "ports-by-service")) == {"80, http", "6379, redis"}
    assert browser.complaints() == []


def test_bars_show_what_was_before(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["since"])
    assert bars(browser, "services") == {
        "http": "2 results, 3 before", "redis": "1 result, 0 before", "constructor": "0 results, 1 before",
    }  # fmt: skip
    assert bars(browser, "ports-by-service")["443"] == "0 results, 1 before"
    script = "return [...document.querySelectorAll('#card-services ~ * .was')].map(one => one.getAttribute('width'))"
    widths = browser.run(script)
    assert widths[0] == "100"
    assert browser.complaints() == []


def test_changes_are_a_table_of_their_own_and_a_filter(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["since"])
    assert bars(browser, "changed-since-monday-jsonl")["host-vanished"] == "1 change"
    browser.driver.find_element(By.CSS_SELECTOR, "[title^='version-changed']").click()
    assert browser.run("return location.hash") == "#change=version-changed&view=changes"
    opens = "document.querySelectorAll('.results > tbody > tr:not(.more) .open')"
    targets = f"return [...{opens}].map(one => one.textContent)"
    assert browser.run(targets) == ["192.0.2.1:80"]
    browser.run("document.querySelector('.results .open').click()")
    browser.until("return document.querySelectorAll('.sides pre').length === 2")
    assert browser.run("return document.querySelector('.sides').innerText.includes('403 Forbidden')")
    browser.run("document.querySelector(\".views [data-key='results']\").click()")
    assert browser.run(targets) == ["192.0.2.1:80"]
    browser.run("document.querySelector('.clear').click()")
    browser.run("document.querySelector(\".views [data-key='changes']\").click()")
    assert "192.0.2.2" in browser.run(targets)
    assert browser.complaints() == []


def test_the_earlier_scan_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.jsonl"
    path.write_bytes(encode(OLD[0]))
    assert main(["report", str(path), "--since", str(path), "-o", str(path)]) == 2
    assert path.read_bytes() == encode(OLD[0])
    assert main(["report", str(path), "--since", str(tmp_path / "none"), "-o", str(tmp_path / "page")]) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("view", ["results", "hosts", "changes"])
def test_a_hostile_record_is_text_in_every_view(browser: Browser, tmp_path: Path, view: str) -> None:
    was, now = hostile(), hostile(NOON + DAY)
    service = msgspec.structs.replace(
        was.service or APACHE, version="<img src=x onerror=window.owned=1>\u202e"
    )
    old = [msgspec.structs.replace(was, service=service), grab("</title><script>window.owned=1</script>", 1)]
    path = tmp_path / "hostile.html"
    name = "</script><script>window.owned=1</script>.jsonl"
    path.write_text(
        page(scan_page([now], [name], NOON, since=Since(name, old, compare(old, [now])))), "utf-8"
    )
    browser.open(path)
    button = f"document.querySelector(\".views [data-key='{view}']\")"
    browser.run(f"{button}.click(); document.querySelectorAll('.results .open').forEach(one => one.click())")
    browser.until("return document.querySelector('.results .details')")
    browser.run(
        "document.querySelectorAll('.results .open[aria-expanded=false]').forEach(one => one.click())"
    )
    browser.until("return document.querySelector('.results .details')")
    whole = browser.run("return document.body.innerText + location.hash")
    assert "window.owned=1" in whole
    assert not {"\x1b", "\u202e", "\u2028", "\0", "\x07"} & set(whole)
    assert browser.run("return document.querySelectorAll('img, script:not(#data)').length") == 1
    assert browser.run("return window.owned") is None
    assert browser.complaints() == []
