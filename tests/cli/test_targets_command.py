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
    assert "XML of NessusClientData_v2: 3 targets\n" in text
    assert "a list, one target a line: 9 targets\n" in text
    assert "\n12 targets\n" in text
    assert "3 by name, of which 2 have their address\n" in text
    assert "4 ports: 22 (6), 80 (4), 53/udp (1), 25 (1)\n" in text


@pytest.mark.parametrize("from_file", [False, True])
def test_what_is_excluded_is_counted_and_not_listed(tmp_path: Path, from_file: bool) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(
        "192.0.2.0/30:22,U:53\n192.0.2.2:80\na.example@192.0.2.1:25\na.example:25\n192.0.2.9:161/udp\n"
    )
    (tmp_path / "never").write_text("192.0.2.1-2 # the owner asked\n")
    options = ["--exclude-file", str(tmp_path / "never")] if from_file else ["--exclude", "192.0.2.1-2"]
    listed = run("targets", "--list", str(hosts), *options).stdout.decode().splitlines()
    assert listed == ["192.0.2.0:22,U:53", "192.0.2.3:22,U:53", "a.example:25", "192.0.2.9:161/udp"]
    text = run("targets", str(hosts), *options).stdout.decode()
    assert "\n6 targets\n6 more are excluded\n" in text


def test_networks_are_spelt_as_everywhere(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(
        "[::1]:22\n[2001:db8:5:1::5]:22\n[2001:db8::7]:22\n[2001:db8::8]:22\n192.0.2.1:22\n"
    )
    text = run("targets", str(tmp_path / "hosts")).stdout.decode()
    assert "4 networks: 2001:db8::/48 (2), ::/48 (1), 2001:db8:5::/48 (1), 192.0.2.0/24 (1)\n" in text


def test_the_list_is_read_again_as_the_same(tmp_path: Path) -> None:
    first = run("targets", "--list", str(REAL / "nessus.nessus")).stdout
    (tmp_path / "again").write_bytes(first)
    assert run("targets", "--list", str(tmp_path / "again")).stdout == first
    assert first == b"mail.example@198.51.100.2:22\nmail.example@198.51.100.2:53/udp\n198.51.100.3:25\n"


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
