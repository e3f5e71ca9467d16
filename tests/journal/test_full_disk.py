"""A disk that is really full, and a resume after room was made: every target exactly once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from banner import testing
from tests.command import BANNER, ENVIRONMENT, Servers, records

IN_A_NAMESPACE = ("unshare", "--map-root-user", "--mount", "--propagation", "private")
"""A mount namespace of our own: nobody else sees what is mounted there, and it ends with us (unshare(1))."""

SCRIPT = r"""
set -u
mount -t tmpfs -o size="$SIZE" small "$FOLDER" || exit 77
"$BANNER" scan "$@" -o "$OUT"
echo "full: $?" >&2
ls "$FOLDER" >&2
"$BANNER" scan --resume -o "$OUT"
echo "still full: $?" >&2
mount -o remount,size=50m "$FOLDER" || exit 77
"$BANNER" scan --resume -o "$OUT"
echo "room: $?" >&2
cat "$OUT"
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"220 ready\r\n", host="0.0.0.0")).port


def on_a_small_disk(folder: Path, size: str, name: str, *arguments: str) -> tuple[bytes, str]:
    """What is in the output in the end, and what was told on the way. Skips where nothing can be mounted."""
    place = {"SIZE": size, "FOLDER": str(folder), "OUT": str(folder / name), "BANNER": BANNER}
    try:
        done = subprocess.run(
            [*IN_A_NAMESPACE, "sh", "-c", SCRIPT, "sh", *arguments],
            capture_output=True,
            timeout=60,
            env={**ENVIRONMENT, **place},
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("unshare is missing: apt-get install util-linux")
    told = done.stderr.decode()
    if done.returncode == 77 or "unshare:" in told:
        pytest.skip(f"no file system can be mounted here: {told.strip()}")
    assert done.returncode == 0, told
    return done.stdout, told


@pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are Linux's")
@pytest.mark.parametrize(("name", "size"), [("out.jsonl", "128k"), ("out.sqlite", "256k")])
def test_a_full_disk_costs_nothing_once_there_is_room(
    port: int, tmp_path: Path, name: str, size: str
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    content, told = on_a_small_disk(folder, size, name, f"127.0.0.0/21:{port}", "--mode", "listen")
    assert "full: 3" in told
    assert "still full: 3" in told
    assert "room: 0" in told
    assert f"{name}.journal" in told
    assert hosts(content, tmp_path / name) == Counter(f"127.0.{n >> 8}.{n & 255}" for n in range(2048))


def hosts(content: bytes, copy: Path) -> Counter[str]:
    if copy.suffix == ".jsonl":
        return Counter(record["host"] for record in records(content))
    copy.write_bytes(content)
    with closing(sqlite3.connect(copy)) as db:
        return Counter(host for (host,) in db.execute("SELECT host FROM grabs"))
