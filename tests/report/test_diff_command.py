"""``banner diff`` as a user runs it: lines, JSON, a page, and exit statuses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from banner.cli.main import main
from banner.cli.options import build_parser
from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Tls
from banner.report.difference import Kind

from .sample import HOSTILE, NOON, scan


def write(path: Path, grabs: Iterable[Grab]) -> str:
    path.write_bytes(b"".join(map(encode, grabs)))
    return str(path)


def ssh(version: str, port: int = 22, host: str = "192.0.2.7", **fields: Any) -> Grab:
    banner = f"SSH-2.0-OpenSSH_{version}\r\n".encode()
    service = Service("ssh", "OpenBSD", "OpenSSH", version)
    return Grab(NOON, host, port, Status.BANNER, banner=banner, probe="ssh", service=service, **fields)


@pytest.fixture
def scans(tmp_path: Path) -> tuple[str, str]:
    def with_mac(name: str) -> dict[str, Any]:
        return {
            "details": {"mac_to_client": [name, "hmac-sha2-256"]},
            "tls": Tls(certificate=Certificate(name * 16)),
        }

    old = [ssh("9.2p1", **with_mac("aa")), ssh("8.0", 2222), ssh("8.0", host="192.0.2.9")]
    new = [ssh("9.6p1", **with_mac("bb")), ssh("8.0", host="2001:db8::1")]
    return write(tmp_path / "old.jsonl", old), write(tmp_path / "new.jsonl", new)


def test_lines_for_a_person(scans: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *scans]) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "~ 192.0.2.7:22           algorithms-changed  mac_to_client -aa +bb",
        f"~ 192.0.2.7:22           certificate-changed {'a' * 16} -> {'b' * 16}",
        "~ 192.0.2.7:22           version-changed     9.2p1 -> 9.6p1",
        "- 192.0.2.7:2222         service-vanished    banner OpenSSH 8.0",
        "- 192.0.2.9              host-vanished       ports 22",
        "- 192.0.2.9:22           service-vanished    banner OpenSSH 8.0",
        "+ 2001:db8::1            host-appeared       ports 22",
        "+ [2001:db8::1]:22       service-appeared    banner OpenSSH 8.0",
    ]
    assert shown.err == (
        "1 host-appeared, 1 host-vanished, 1 service-appeared, 2 service-vanished, 1 version-changed, "
        "1 certificate-changed, 1 algorithms-changed\n"
    )


def test_json_lines(scans: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *scans, "--json", "--common", "--without", "algorithms-changed"]) == 1
    shown = capsys.readouterr()
    assert shown.err == ""
    assert [json.loads(line) for line in shown.out.splitlines()] == [
        {
            "kind": "certificate-changed",
            "host": "192.0.2.7",
            "port": 22,
            "service": "ssh",
            "before": {"sha256": "aa" * 16},
            "after": {"sha256": "bb" * 16},
        },
        {
            "kind": "version-changed",
            "host": "192.0.2.7",
            "port": 22,
            "service": "ssh",
            "before": {"version": "9.2p1"},
            "after": {"version": "9.6p1"},
        },
    ]


def test_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "scan.jsonl", scan(200))
    assert main(["diff", path, path]) == 0
    assert capsys.readouterr() == ("", "nothing changed\n")
    assert main(["diff", path, path, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_page_beside_the_lines(
    scans: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["diff", *scans, "-o", str(page)]) == 1
    assert '["Changes","6"]' in page.read_text()  # a host that came or went stands for its services
    assert len(capsys.readouterr().out.splitlines()) == 8
    assert main(["diff", *scans, "-o", str(tmp_path / "nowhere" / "page.html")]) == 3


def test_damaged_lines_and_missing_files_are_no_answer(
    scans: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(scans[1]).open("ab") as file:
        file.write(b'{"v":1,"time"')
    assert main(["diff", *scans]) == 2
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 8
    assert shown.err.startswith(f"banner: {scans[1]}: line 3: the line is cut short: not a record: ")
    assert main(["diff", scans[0], "none.jsonl"]) == 2
    assert capsys.readouterr().err == "banner: none.jsonl: No such file or directory\n"


def test_what_a_peer_said_cannot_act_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = Grab(NOON, "192.0.2.7", 1, Status.BANNER, banner=b"hi", probe="listen")
    text = HOSTILE.replace(b"\0", b"").replace(b"\x07", b"")
    new = Grab(NOON, "192.0.2.7", 1, Status.BANNER, banner=text + b"\n\n", probe="listen")
    assert main(["diff", write(tmp_path / "a", [old]), write(tmp_path / "b", [new])]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isprintable()
    assert "banner-changed" in line


def test_the_kinds_that_can_be_left_out_are_the_kinds_that_there_are() -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["diff", "a", "b", "--without", "nonsense"])
    for kind in Kind:
        build_parser().parse_args(["diff", "a", "b", "--without", kind])


def test_a_version_that_came_or_went_is_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = msgspec.structs.replace(ssh(""), service=Service("ssh", "OpenBSD", "OpenSSH"))
    old, new = write(tmp_path / "old.jsonl", [bare]), write(tmp_path / "new.jsonl", [ssh("9.6p1")])
    assert main(["diff", old, new]) == main(["diff", new, old]) == 1
    assert [line.split("changed")[1].strip() for line in capsys.readouterr().out.splitlines()] == [
        "none -> 9.6p1",
        "9.6p1 -> none",
    ]
