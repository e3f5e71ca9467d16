"""Pages in a real browser, and how a test finds its way in them."""

from __future__ import annotations

from pathlib import Path

from banner.models import Grab
from banner.report.assemble import page
from banner.report.overview import scan_page

from .browser import Browser
from .sample import NOON

SIZE = 450


def write(path: Path, grabs: list[Grab]) -> Path:
    path.write_text(page(scan_page(grabs, [path.stem], NOON)), "utf-8")
    return path


def found(browser: Browser) -> str:
    return str(browser.run("return document.querySelector('.found').textContent"))


def column(browser: Browser, number: int) -> list[str]:
    script = (
        "return [...document.querySelectorAll('.results tbody tr:not(.more)')]"
        ".map(row => row.children[arguments[0]].innerText.trim())"
    )
    return list(browser.run(script, number))
