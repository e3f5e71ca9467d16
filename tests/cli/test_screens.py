"""Whole screens as text, at 80 and 120 columns: what a person sees in the end, and nothing is cut that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from banner.formats.record import encode
from banner.models import Grab, Service, Status
from tests.command import Servers, Terminal

SMTP = b"220 mail.example ESMTP Postfix (Debian/GNU)\r\n"
SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
LISTENING = ("--mode", "listen", "--read-timeout", "0.5")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def some(servers: Servers) -> list[str]:
    """Two that greet, two that refuse, one that is silent."""
    made = [
        lambda: testing.greeter(SSH),
        lambda: testing.greeter(SMTP),
        testing.refuser,
        testing.refuser,
        testing.silent,
    ]
    started = [servers.start(make) for make in made]
    return [f"{server.host}:{server.port}" for server in started]


def screen(shown: bytes) -> list[str]:
    """What stands on a screen in the end; ports and times, which are other ones every time, by their names."""
    text = re.sub(rb"\x1b\[\d*m", b"", shown).decode().replace("\r\n", "\n")
    lines = [line.rsplit("\x1b[2K", 1)[-1] for line in text.split("\n")]
    return [named(line) for line in lines if line]


def named(line: str) -> str:
    line = re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda port: "PORT".ljust(len(port[0])), line)
    return re.sub(r"seed \d+", "seed N", re.sub(r" in [^(]*\([\d,]+/s\)", " in TIME", line))


def seen(*arguments: str, columns: int, status: int = 0) -> list[str]:
    """The screen that a command leaves behind; its results in the order of their text."""
    with Terminal(*arguments, columns=columns) as terminal:
        assert terminal.finish() == status
    lines = screen(terminal.shown)
    assert all(len(line) <= columns for line in lines)
    found = sorted(line for line in lines if line.startswith("127."))
    return [*found, *(line for line in lines if not line.startswith("127."))]


SCAN_80 = """\
127.0.0.1:PORT         banner      smtp Postfix         220 mail.example ESMTP …
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1    SSH-2.0-OpenSSH_9.2p1 D…
Not shown: 2 refused, 1 silent (--all shows them)
5 targets in TIME: 2 banner, 2 refused, 1 silent; seed N"""
SCAN_120 = """\
127.0.0.1:PORT         banner      smtp Postfix                     220 mail.example ESMTP Postfix (Debian/GNU)
127.0.0.1:PORT         banner      ssh OpenSSH 9.2p1                SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
Not shown: 2 refused, 1 silent (--all shows them)
5 targets in TIME: 2 banner, 2 refused, 1 silent; seed N"""


@pytest.mark.parametrize(("columns", "expected"), [(80, SCAN_80), (120, SCAN_120)])
def test_a_scan_shows_what_is_open_and_counts_the_rest(
    some: list[str], columns: int, expected: str, tmp_path: Path
) -> None:
    assert seen("scan", *some, *LISTENING, columns=columns) == expected.splitlines()
    # With a file as well: and there everything stands.
    out = tmp_path / "out.jsonl"
    assert seen("scan", *some, *LISTENING, "-o", str(out), columns=columns) == expected.splitlines()
    assert len(out.read_bytes().splitlines()) == 5


@pytest.mark.parametrize(
    ("options", "statuses", "rest"),
    [
        (["--all"], ["banner", "banner", "refused", "refused", "silent"], None),
        (["--only", "silent"], ["silent"], "Not shown: 2 banner, 2 refused"),
        (["--only", "refused,silent"], ["refused", "refused", "silent"], "Not shown: 2 banner"),
        (["--only", "banner", "--only", "silent"], ["banner", "banner", "silent"], "Not shown: 2 refused"),
        (["--hide", "refused"], ["banner", "banner", "silent"], "Not shown: 2 refused"),
        (["--hide", "banner,refused", "--hide", "silent"], [], "Not shown: 2 banner, 2 refused, 1 silent"),
    ],
)  # fmt: skip
def test_what_is_shown_can_be_chosen(
    some: list[str], options: list[str], statuses: list[str], rest: str | None, tmp_path: Path
) -> None:
    for file in ([], ["-o", str(tmp_path / "out.jsonl")], ["-o", str(tmp_path / "out.csv")]):
        lines = seen("scan", *some, *LISTENING, *options, *file, columns=80)
        assert sorted(line.split()[1] for line in lines if line.startswith("127.")) == statuses
        assert [line for line in lines if line.startswith("Not")] == ([rest] if rest else [])


def test_several_workers_show_the_same(some: list[str], tmp_path: Path) -> None:
    arguments = ("scan", *some, *LISTENING, "--workers", "2", "-o", str(tmp_path / "out.jsonl"))
    assert seen(*arguments, columns=80) == SCAN_80.splitlines()


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (["--only", "slient"], "--only: no status 'slient'; did you mean silent?"),
        (["--hide", "open"], "--hide: no status 'open'; there are banner, "),
        (["--all", "--only", "banner"], "--all shows every status"),
    ],
)
def test_a_status_that_does_not_exist_is_told_first(wrong: list[str], advice: str, some: list[str]) -> None:
    with Terminal("scan", *some, *wrong, columns=200) as terminal:
        assert terminal.finish() == 2
    assert advice in terminal.shown.decode()


SHOW_80 = """\
host           port   status   service  product       version  banner
192.0.2.7      22     banner   ssh      OpenSSH       9.2p1    SSH-2.0-OpenSSH_…
203.0.113.155  10443  banner   http     Apache HTTPD  2.4.62   HTTP/1.1 200 OK
203.0.113.156  25     refused"""
SHOW_120 = """\
host           port   status   service  product       version  banner
192.0.2.7      22     banner   ssh      OpenSSH       9.2p1    SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
203.0.113.155  10443  banner   http     Apache HTTPD  2.4.62   HTTP/1.1 200 OK
203.0.113.156  25     refused"""
COUNT = """\
count  status   service
1      banner   http
1      banner   ssh
1      refused"""


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [(80, [], SHOW_80), (120, [], SHOW_120), (80, ["--count", "status,service"], COUNT)],
)
def test_a_table(columns: int, options: list[str], expected: str, tmp_path: Path) -> None:
    grabs = [
        Grab(
            1.0,
            "192.0.2.7",
            22,
            Status.BANNER,
            banner=SSH,
            service=Service("ssh", "OpenBSD", "OpenSSH", "9.2p1"),
        ),
        Grab(
            1.0,
            "203.0.113.155",
            10443,
            Status.BANNER,
            banner=b"HTTP/1.1 200 OK\r\n\r\n",
            service=Service("http", "Apache", "HTTPD", "2.4.62"),
        ),
        Grab(1.0, "203.0.113.156", 25, Status.REFUSED),
    ]
    path = tmp_path / "scan.jsonl"
    path.write_bytes(b"".join(map(encode, grabs)))
    with Terminal("show", str(path), *options, columns=columns) as terminal:
        assert terminal.finish() == 0
    assert screen(terminal.shown) == expected.splitlines()
