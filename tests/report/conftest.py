"""Pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from banner.report.assemble import page
from banner.report.changes import changes_page
from banner.report.difference import compare
from banner.report.overview import scan_page
from banner.report.sides import sides
from banner.report.since import Since
from tests.report.pages import SIZE, write

from .browser import Browser, chromium
from .sample import NOON, hostile, scan


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    grabs = [*scan(SIZE - 1), hostile()]
    later = [*scan(SIZE - 20, seed=8)]
    diff, both = folder / "diff.html", folder / "since.html"
    changes = compare(grabs, later)
    told = changes_page(changes, ["old", "new"], NOON, sides(grabs, later))
    diff.write_text(page(told), "utf-8")
    since = scan_page(later, ["new"], NOON, since=Since("old", grabs, changes))
    both.write_text(page(since), "utf-8")
    return {"scan": write(folder / "scan.html", grabs), "diff": diff, "since": both}


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Browser:
    browser.emulate(1280)
    browser.open(pages["scan"])
    return browser
