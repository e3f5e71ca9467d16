"""``banner targets``: what would be visited, without a packet; and every format is read by content everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner.formats.registry import open_sink
from banner.models import Grab, Status
from tests.command import run

REAL = Path(__file__).parents[1] / "inputs/outputs_of_tools"


def test_how_files_are_understood(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("192.0.2.0/30:22,80\na.example:22\n")
    done = run("targets", str(REAL / "nessus.nessus"), str(tmp_path / "hosts"))
    assert done.returncode == 0
    text = done.stdout.decode()
    assert "XML of NessusClientData_v2: 2 targets\n" in text
    assert "a list, one target a line: 9 targets\n" in text
    assert "\n11 targets\n" in text
    assert "2 by name, of which 1 have their address\n" in text
    assert "3 ports: 22 (6), 80 (4), 25 (1)\n" in text


def test_the_list_is_read_again_as_the_same(tmp_path: Path) -> None:
    first = run("targets", "--list", str(REAL / "nessus.nessus")).stdout
    (tmp_path / "again").write_bytes(first)
    assert run("targets", "--list", str(tmp_path / "again")).stdout == first
    assert first == b"mail.example@198.51.100.2:22\n198.51.100.3:25\n"


def test_a_line_that_is_no_good(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("192.0.2.1\n192.0.2.2:22\n")
    done = run("targets", "--list", str(tmp_path / "hosts"))
    assert (done.returncode, done.stdout) == (2, b"192.0.2.2:22\n")


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "csv", "sqlite", "parquet", "xml"])
def test_every_format_is_read_by_content(suffix: str, tmp_path: Path) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    sink = open_sink(str(tmp_path / f"scan.{suffix}"))
    sink.write(
        [
            Grab(
                1.0,
                "a.example",
                22,
                Status.BANNER,
                "192.0.2.1",
                banner=b"SSH-2.0-OpenSSH_9.2p1\r\n",
                connections=1,
            )
        ]
    )
    sink.close()
    nameless = (tmp_path / f"scan.{suffix}").rename(tmp_path / "scan")
    listed = run("targets", "--list", str(nameless))
    assert (listed.returncode, listed.stdout) == (0, b"a.example@192.0.2.1:22\n")
    named = run("identify", str(nameless))
    assert named.returncode == 0
    assert b'"product":"OpenSSH"' in named.stdout
    assert run("report", str(nameless), "-o", str(tmp_path / "page.html")).returncode == 0
