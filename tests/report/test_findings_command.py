"""``banner findings`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from banner.cli.main import main
from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Tls

from .sample import NOON, hostile

END = "2000-01-01T00:00:00Z"
GRABS = [
    Grab(NOON, "192.0.2.7", 6379, Status.BANNER, ip="192.0.2.7", banner=b"+PONG\r\n", tag="db",
         service=Service("redis", product="Redis"), details={"auth_required": False}),
    Grab(NOON, "192.0.2.9", 443, Status.TLS_ERROR,
         tls=Tls(version="TLSv1", certificate=Certificate("ab" * 32, not_after=END))),
    Grab(NOON, "192.0.2.9", 444, Status.REFUSED),
]  # fmt: skip


def written(path: Path, grabs: list[Grab]) -> str:
    path.write_bytes(b"".join(map(encode, grabs)))
    return str(path)


@pytest.fixture
def scan(tmp_path: Path) -> str:
    return written(tmp_path / "scan.jsonl", GRABS)


def test_a_line_each_and_the_count_beside(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", scan]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "192.0.2.7:6379         open-redis                PING was answered"
    assert lines[1].startswith(
        f"192.0.2.9:443          certificate-expired       abababababababab ends {END}, "
    )
    assert lines[2] == "192.0.2.9:443          old-tls                   speaks TLSv1"
    assert err == "1 open-redis, 1 certificate-expired, 1 old-tls\n"


def test_as_json(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", scan, "--json", "--only", "open-redis"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "finding": "open-redis", "host": "192.0.2.7", "port": 6379, "ip": "192.0.2.7", "tag": "db",
        "service": "redis", "evidence": "PING was answered",
    }  # fmt: skip
    assert err == ""


def test_only_and_without(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["findings", scan, "--only", "old-tls,old-ssh", "--only", "open-redis", "--quiet"]) == 1
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["open-redis", "old-tls"]
    assert (
        main(["findings", scan, "--without", "old-tls,open-redis", "--without", "certificate-expired"]) == 0
    )
    assert capsys.readouterr() == ("", "nothing was found\n")


def test_a_name_that_is_none(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["findings", scan, "--only", "old-tsl"])
    assert left.value.code == 2
    assert "there is no finding 'old-tsl'; did you mean old-tls" in capsys.readouterr().err


def test_damaged_lines_are_told_and_the_rest_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scan.jsonl"
    path.write_bytes(encode(GRABS[0]) + b"{}\n" + encode(GRABS[2]))
    assert main(["findings", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("192.0.2.7:6379")
    assert "line 2" in err


def test_a_scan_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.jsonl"
    assert main(["findings", str(missing)]) == 2
    assert capsys.readouterr().err == f"banner: {missing}: No such file or directory\n"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_peers_words_cannot_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    scan = written(tmp_path / "scan.jsonl", [hostile()])
    assert main(["findings", scan, *options]) == 1
    out, _ = capsys.readouterr()
    assert "old-tls" in out
    assert len(out.splitlines()) == out.count("\n") == 2
    assert not {"\x1b", "\u202e", "\u2028", "\0", "\x07"} & set(out)
