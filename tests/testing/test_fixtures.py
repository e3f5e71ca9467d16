"""`banner.testing.fixtures` in somebody's tests: on where they ask for it, and off elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from banner import testing
from tests.command import PATIENCE

ROOT = Path(__file__).parents[2]
TESTS = """
import asyncio, pytest, banner
MARK
async def test_a_greeting(banner_greeter, banner_refuser, banner_udp_answerer):
    server = await banner_greeter(b"hi\\r\\n")
    other = await banner_greeter(b"ho\\r\\n", pause=0)
    closed = await banner_refuser()
    for one, said in ((server, b"hi\\r\\n"), (other, b"ho\\r\\n")):
        assert (await banner.grab(one.host, one.port, mode="listen")).banner == said
    assert (await banner.grab(closed.host, closed.port)).status == "refused"
    datagrams = await banner_udp_answerer(b"ho")
    assert (await banner.grab(datagrams.host, datagrams.port, transport="udp")).transport == "udp"
    assert datagrams.received
    PORTS.append(server.port)

PORTS = []
def test_it_was_stopped():
    grab = asyncio.run(banner.grab("127.0.0.1", PORTS[0], mode="listen"))
    assert grab.status == "refused"
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},  # no workers for two tests
    )


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("@pytest.mark.asyncio", ("-o", "asyncio_mode=strict")),
        ("", ("-o", "asyncio_mode=auto")),
    ],
)
def test_on_where_asked_for(mark: str, options: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(TESTS.replace("MARK", mark))
    done = run(tmp_path, *options)
    assert done.returncode != 0, "off unless asked for"
    assert "fixture 'banner_greeter' not found" in done.stdout
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["banner.testing.fixtures"]\n')
    done = run(tmp_path, *options)
    assert done.returncode == 0, done.stdout


def test_there_is_one_for_each_server() -> None:
    from banner.testing import fixtures

    servers = set(testing.__all__) - {"Connection", "Server", "segments", "udp"}
    over_udp = {f"udp_{name}" for name in testing.udp.__all__} - {"udp_Place", "udp_Server"}
    assert servers | over_udp <= set(vars(fixtures))
