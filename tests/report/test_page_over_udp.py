"""The page of a scan over UDP, in a real browser: silence is nothing that is open."""

from __future__ import annotations

from pathlib import Path

from banner import Grab, Service, Status, Transport
from tests.report.pages import column, write

from .browser import Browser
from .sample import NOON


def grab(
    host: str, port: int, status: Status, transport: Transport = Transport.UDP, **fields: object
) -> Grab:
    return Grab(NOON, host, port, status, ip=host, transport=transport, **fields)  # type: ignore[arg-type]


GRABS = [
    grab("192.0.2.1", 53, Status.BANNER, banner=b"x", service=Service("dns", product="unbound")),
    grab("192.0.2.1", 123, Status.SILENT),
    grab("192.0.2.2", 123, Status.SILENT),
    grab("192.0.2.3", 123, Status.SILENT, Transport.TCP),
]
RANKS = {"greeted-address": 1, "open-address": 3, "quiet-address": 2}
"""What the map shows, and the last number of the address."""


def test_silence_over_udp_is_told_as_no_open_port(browser: Browser, tmp_path: Path) -> None:
    browser.emulate(1280)
    browser.open(write(tmp_path / "udp.html", GRABS))
    assert column(browser, 0) == [
        "192.0.2.1:53/udp",
        "192.0.2.1:123/udp",
        "192.0.2.2:123/udp",
        "192.0.2.3:123",
    ]
    shown = browser.run(
        "return [...document.querySelectorAll('.map path')].map(p => [p.getAttribute('class'), p.getAttribute('d')])"
    )
    assert {name: squares.count("M") for name, squares in shown} == dict.fromkeys(RANKS, 1)
    assert all(squares.startswith(f"M{RANKS[name]} 0h") for name, squares in shown)
    browser.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'Hosts').click()")
    ports = browser.run("return [...document.querySelectorAll('td.ports')].map(td => td.textContent)")
    assert ports == ["53/udp", "none of 1", "123"]
    assert browser.complaints() == []
