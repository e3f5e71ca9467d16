"""The README's pictures: there, small, and of what the program says today."""

from __future__ import annotations

import re
import struct
from html import unescape
from xml.etree import ElementTree

from banner.cli.commands.demo import GREETINGS
from banner.formats.terminal import greeting
from banner.models import Grab, Status
from tests.documents import ROOT

README = (ROOT / "README.md").read_text()
PICTURES = ROOT / "docs" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


def test_each_picture_that_the_readme_shows_is_there_and_says_what_it_shows() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README)
    shown += [(alt, source) for source, alt in re.findall(r'<img src="([^"]+)" alt="([^"]+)">', README)]
    assert len(shown) == 2
    dark = re.findall(r'<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">', README)
    for source in [*dark, *(source for _, source in shown)]:
        assert 0 < (ROOT / source).stat().st_size < 300_000, source
    assert all(len(alt.split()) > 8 for alt, _ in shown)


def test_the_two_pages_are_of_one_size() -> None:
    sizes = {
        struct.unpack(">II", (PICTURES / f"page-{name}.png").read_bytes()[16:24])
        for name in ("light", "dark")
    }
    assert sizes == {(1200, 860)}


def test_the_picture_of_the_demo_shows_what_its_servers_say() -> None:
    drawn = ElementTree.fromstring((PICTURES / "demo.svg").read_text())
    lines = ["".join(line.itertext()) for line in drawn.iter(f"{SVG}text")]
    assert lines[0] == "$ banner demo"
    for said in GREETINGS.values():
        data = said if isinstance(said, bytes) else b"".join(said)
        if b"\0" in data or b"\xff" in data:
            continue  # of binary, what a dialogue learned is shown
        words = greeting(Grab(0.0, "127.0.0.1", 1, Status.BANNER, banner=data))[:30]
        assert any(words in line for line in lines), words
    for status in ("banner", "refused", "closed", "silent"):
        assert any(status in line for line in lines), status


def test_the_picture_is_no_script_and_asks_for_nothing() -> None:
    text = unescape((PICTURES / "demo.svg").read_text())
    assert not re.search(r"<script|href|url\(|@import|<image|<foreignObject|\bon\w+=", text)
