"""Draws the pictures of the README: ``python docs/pictures/draw.py``, with the extra ``test`` and Debian's chromium.

``demo.svg`` is what ``banner demo`` says on a terminal, in a light and a dark colouring; ``page-light.png`` and
``page-dark.png`` are the page of a made-up scan, whose findings are those of the rules.
"""

from __future__ import annotations

import base64
import os
import pty
import re
import struct
import sys
import tempfile
from fcntl import ioctl
from html import escape
from pathlib import Path
from termios import TIOCSWINSZ

HERE = Path(__file__).parent
COLUMNS = 100
WIDTH, HEIGHT, MARGIN = 8.4, 20, 18
"""Of a letter and of a line, and around them all, in pixels."""
STYLE = """
text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
text { fill: #24292f; white-space: pre; }
rect { fill: #f6f8fa; stroke: #d0d7de; }
.c32 { fill: #116329; } .c33 { fill: #7d4e00; } .c31 { fill: #a40e26; } .c2 { fill: #57606a; }
.prompt { font-weight: bold; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } rect { fill: #14171a; stroke: #30363d; }
  .c32 { fill: #56d364; } .c33 { fill: #e3b341; } .c31 { fill: #ff7b72; } .c2 { fill: #8b949e; }
}
"""
SGR = re.compile(r"\x1b\[(\d*)m")
"""Select graphic rendition (ECMA-48, 8.3.117) with one number, as our lines have it."""


def main() -> None:
    (HERE / "demo.svg").write_text(
        drawn("banner demo", said([sys.executable, "-m", "banner", "demo"])), "utf-8"
    )
    photograph()


def said(command: list[str]) -> str:
    """What a command says on a terminal of `COLUMNS`."""
    child, terminal = pty.fork()
    if not child:
        ioctl(1, TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        os.environ.pop("NO_COLOR", None)
        os.environ["TERM"] = "xterm-256color"
        os.execv(command[0], command)
    heard = b""
    try:
        while part := os.read(terminal, 65536):
            heard += part
    except OSError:  # Linux' way to say that the other side of a terminal is closed
        pass
    os.waitpid(child, 0)
    return heard.decode().replace("\r\n", "\n")


def drawn(command: str, text: str) -> str:
    """`text` below a prompt with `command`, as SVG; each run of one colour stands at its column, whatever the font."""
    lines = text.rstrip("\n").split("\n")
    rows = [f'<tspan class="prompt">$ {escape(command)}</tspan>', *map(_runs, lines)]
    placed = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + HEIGHT * (at + 0.75):g}">{row}</text>'
        for at, row in enumerate(rows)
    )
    width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}" '
        f'role="img" aria-label="What {escape(command)} says">\n<style>{STYLE}</style>\n'
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1}" rx="8"/>\n{placed}\n</svg>\n'
    )


def _runs(line: str) -> str:
    """A line as spans; SGR's numbers become classes."""
    column, runs = 0, []
    pieces = SGR.split(f"\x1b[0m{line}")[1:]
    for number, words in zip(pieces[::2], pieces[1::2], strict=True):
        for run in re.finditer(r"\S+(?: \S+)*", words):
            x = MARGIN + (column + run.start()) * WIDTH
            shade = f' class="c{number}"' if number not in ("", "0") else ""
            length = len(run[0]) * WIDTH
            runs.append(f'<tspan x="{x:g}" textLength="{length:g}"{shade}>{escape(run[0])}</tspan>')
        column += len(words)
    return "".join(runs)


def photograph() -> None:
    """The page of a made-up scan, in both colourings."""
    sys.path.insert(0, str(HERE.parents[1]))
    from banner.models import Grab, Service, Status
    from banner.report.assemble import page
    from banner.report.overview import scan_page
    from tests.report.browser import chromium
    from tests.report.sample import NOON, scan

    grabs = list(scan(900))
    grabs[5] = Grab(
        NOON, "10.0.5.1", 6379, Status.BANNER, "10.0.5.1", banner=b"+PONG\r\n", probe="redis",
        service=Service("redis", "Redis", "Redis", "7.0.15"), details={"auth_required": False},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, chromium(Path(folder, "profile")) as browser:
        path = Path(folder, "page.html")
        path.write_text(page(scan_page(grabs, ["monday.jsonl"], NOON)), "utf-8")
        browser.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        for name, dark in (("light", False), ("dark", True)):
            browser.emulate(1200, dark=dark)
            browser.open(path)
            clip = {"x": 0, "y": 0, "width": 1200, "height": 860, "scale": 1}
            shot = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": clip})
            (HERE / f"page-{name}.png").write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
