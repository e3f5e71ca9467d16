"""The tutorial, from its first line to its last: each piece is run, and prints what stands below it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from banner.formats.record import decode
from tests.command import PATIENCE
from tests.daemons.site import own_address
from tests.documents import ROOT, Block, fenced
from tests.test_examples import basic_server

BLOCKS = fenced(ROOT / "docs" / "tutorial.md")
SERVER, REST = BLOCKS[0], BLOCKS[1:]
NAMED = "import socket; socket.gethostname = lambda: {host!r}\n"
"""Before a program: this machine has another name, so that port 1337 is free there."""
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def output(block: Block, host: str, folder: Path) -> str:
    if block.language == "python":
        command = [sys.executable, "-W", "error", "-c", NAMED.format(host=host) + block.text]
    else:
        assert block.language == "sh"
        command = ["bash", "-euc", f"hostname() {{ echo {host}; }}\n" + block.text]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": PATH, "NO_COLOR": "1"},
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tutorial(tmp_path: Path) -> None:
    assert Block("sh", "python examples/basic_server.py\n") == SERVER
    with basic_server(name=own_address()) as (_, host, port):
        assert port == "1337"
        for block, following in zip(REST, [*REST[1:], None], strict=True):
            if block.language != "output":
                printed = output(block, host, tmp_path)
                if following is not None and following.language == "output":
                    assert printed == following.text, block.text
    assert [decode(line).status for line in (tmp_path / "again.jsonl").read_bytes().splitlines()] == [
        "banner"
    ]
    assert (tmp_path / "page.html").stat().st_size > 10_000
    assert len([block for block in REST if block.language != "output"]) == 9
