"""``banner show``: filters, columns, and nothing of a peer that acts on a terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import shlex
import subprocess
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest

from banner.cli.commands.show import cell
from banner.cli.commands.table import fit, line
from banner.cli.main import main
from banner.cli.options import COMMANDS, build_parser
from banner.formats.filters import all_of
from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Tls
from tests.command import BANNER, PATIENCE

GRABS = [
    Grab(
        1.0,
        "mail.example",
        25,
        Status.BANNER,
        "192.0.2.1",
        "dmz",
        banner=b"220 \x1b[31mmail\tESMTP\xe2\x80\xae\r\n",
        service=Service("smtp", product="Postfix", cpe=("cpe:2.3:a:x", "cpe:2.3:o:y")),
    ),
    Grab(
        2.0, "2001:db8::5", 22, Status.BANNER, "2001:db8::5", banner=b"SSH-2.0-x\r\n", service=Service("ssh")
    ),
    Grab(
        3.0,
        "192.0.2.9",
        8080,
        Status.TLS_ERROR,
        "192.0.2.9",
        tls=Tls(certificate=Certificate("ab", expired=True)),
    ),
    Grab(4.0, "gone.example", 22, Status.DNS_ERROR, error="no such name"),
]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("service=SSH", [1]),
        ("service=ssh,smtp", [0, 1]),
        ("service!=ssh", [0, 2, 3]),
        ("service=", [2, 3]),
        ("service!=", [0, 1]),
        ("product~fix", [0]),
        ("product!~FIX", [1, 2, 3]),
        ("banner~ssh-2", [1]),
        ("port=8000-8100,22", [1, 2, 3]),
        ("port!=22", [0, 2]),
        ("status=tls-error,dns-error", [2, 3]),
        ("ip=192.0.2.0/24", [0, 2]),
        ("ip=192.0.2.1-5", [0]),
        ("ip!=192.0.2.0/24", [1, 3]),
        ("host=mail.example,2001:db8::/64", [0, 1]),
        ("cpe=cpe:2.3:o:y", [0]),
        ("cert_expired=true", [2]),
        ("tag=dmz service=smtp", [0]),
        ("tag=dmz service=ssh", []),
        ("error~name", [3]),
        ("time~1970-01-01T00:00:02", [1]),
        ("time>1970-01-01T00:00:02.5", [2, 3]),
        ("port<25", [1, 3]),
        ("port<=25", [0, 1, 3]),
        ("port>8079 port<8081", [2]),
        ("banner=~^ssh-\\d", [1]),
        ("banner!=~^ssh-\\d", [0, 2, 3]),
        ("host=~^(mail|gone)\\.", [0, 3]),
        ("cpe=~:o:y$", [0]),
        ("ip>192.0.2.1", [1, 2]),
        ("version<9", []),
    ],
)
def test_conditions(conditions: str, expected: list[int]) -> None:
    assert [number for number, grab in enumerate(GRABS) if all_of(conditions.split())(grab)] == expected


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("service", "a condition is column=value"),
        ("servic=ssh", "did you mean service"),
        ("port=x", "port"),
        ("port<x", "port<: 'x' is not a number"),
        ("banner=~(", "no regular expression"),
        ("=1", "a condition"),
        ("x\x1b=1", r"\x1b"),
    ],
)
def test_a_wrong_condition_says_what_to_do(
    condition: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["show", str(tmp_path / "none"), "--where", condition])
    assert told in capsys.readouterr().err


@pytest.fixture
def scan(tmp_path: Path) -> str:
    path = tmp_path / "scan.jsonl"
    path.write_bytes(b"".join(map(encode, GRABS)))
    return str(path)


def test_off_a_terminal_cells_are_whole_and_between_tabs(
    scan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", scan, "--columns", "host,port,banner,cpe"]) == 0
    shown = [row.split("\t") for row in capsys.readouterr().out.splitlines()]
    assert shown[0] == ["host", "port", "banner", "cpe"]
    assert shown[1] == ["mail.example", "25", r"220 \e[31mmail\tESMTP\u202e", "cpe:2.3:a:x cpe:2.3:o:y"]
    assert [len(row) for row in shown] == [4] * 5


def test_limit_json_and_nothing(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", scan, "-w", "status=banner", "-n", "1", "--json"]) == 0
    assert capsys.readouterr().out.encode() == encode(GRABS[0])
    assert main(["show", scan, "-w", "status=silent"]) == 1


@pytest.mark.parametrize(("no_color", "escapes"), [("", True), ("1", False)])
def test_on_a_terminal(scan: str, no_color: str, escapes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    terminal, end = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "banner", "show", scan], stdout=end) as process:
        os.close(end)
        shown = b""
        with contextlib.suppress(OSError):  # Linux's way to say that the other side was closed
            while data := os.read(terminal, 4096):
                shown += data
        assert process.wait(PATIENCE) == 0
    lines = shown.decode().splitlines()
    assert len(lines) == 5
    assert (b"\x1b[32mbanner" in shown) is escapes
    assert b"\x1b[31m" not in shown
    assert "\u202e" not in shown.decode()
    if not escapes:
        assert "\x1b" not in shown.decode()
        assert all(len(each) <= 70 for each in lines)
    os.close(terminal)


def test_wide_letters_take_two_columns() -> None:
    rows = [["漢字", "x"], ["ab", "y"]]
    names = ["service", "banner"]
    assert [line(row, fit(rows, 40, names), 40, names) for row in rows] == ["漢字  x", "ab    y"]


VERSIONS = ["9.2p1", "10.0", "9.2", None, "8.10", "8.9p1 x"]
SSH = [
    Grab(
        float(at),
        f"192.0.2.{at}",
        22,
        Status.BANNER,
        service=Service("ssh", product="OpenSSH", version=version),
    )
    for at, version in enumerate(VERSIONS, 9)
]


@pytest.fixture
def versions(tmp_path: Path) -> str:
    path = tmp_path / "versions.jsonl"
    path.write_bytes(b"".join(map(encode, SSH)))
    return str(path)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("--sort version", ["8.9p1 x", "8.10", "9.2", "9.2p1", "10.0", ""]),
        ("--sort version --reverse", ["10.0", "9.2p1", "9.2", "8.10", "8.9p1 x", ""]),
        ("-s version -n 2", ["8.9p1 x", "8.10"]),
        ("--sort host", ["9.2p1", "10.0", "9.2", "", "8.10", "8.9p1 x"]),
        ("--sort status,host -r", ["8.9p1 x", "8.10", "", "9.2", "10.0", "9.2p1"]),
        ("--reverse", ["8.9p1 x", "8.10", "", "9.2", "10.0", "9.2p1"]),
        ("-w version<9.2", ["8.10", "8.9p1 x"]),
        ("-w version>=9.2 version<10", ["9.2p1", "9.2"]),
        ("-w version=~^8", ["8.10", "8.9p1 x"]),
    ],
)
def test_order(versions: str, options: str, shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", versions, "--columns", "version", *options.split()]) == 0
    assert capsys.readouterr().out.split("\n")[1:-1] == shown


def test_counts(scan: str, versions: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", scan, "--count", "status,service"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "count\tstatus\tservice",
        *("1\tbanner\tsmtp", "1\tbanner\tssh", "1\tdns-error\t", "1\ttls-error\t"),
    ]
    assert main(["show", versions, "--count", "product", "--json"]) == 0
    assert capsys.readouterr().out == '{"count": 6, "product": "OpenSSH"}\n'
    assert main(["show", versions, "--count", "version", "-w", "version>9", "-n", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["count\tversion", "1\t9.2"]
    assert main(["show", versions, "--count", "version", "-w", "port=1"]) == 1
    with pytest.raises(SystemExit, match="2"):
        main(["show", versions, "--count", "versoin"])
    assert "did you mean version" in capsys.readouterr().err


HOSTS = [
    "192.0.2.7",
    "203.0.113.155",
    "2001:db8:1234:5678:9abc:def0:1234:5678",
    "a-rather-long-name." * 4 + "example",
]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_an_address_is_never_cut(width: int) -> None:
    grabs = [
        Grab(
            1.0,
            host,
            65535,
            Status.UNREACHABLE,
            service=Service("http", product="Apache HTTPD " * 3, version="2.4"),
        )
        for host in HOSTS
    ]
    names = ["host", "port", "status", "service", "product", "version", "banner"]
    rows = [[cell(grab, name) for name in names] for grab in grabs]
    for some in (rows, rows[:1], rows[:2], rows[:3]):
        widths = fit([names, *some], width, names)
        for row in some:
            shown = line(row, widths, width, names)
            assert shown.startswith(row[0])
            assert len(shown) <= max(width, len(row[0]) + 2 + 5 + 2 + 11)


def examples(command: str) -> list[str]:
    """What the help of `command` shows."""
    found = import_module(f"banner.cli.options.{command}").EXAMPLES
    return [line.strip() for line in found.splitlines()[1:]]


@pytest.mark.parametrize("example", examples("show"))
def test_what_the_help_shows_finds_something(example: str, tmp_path: Path) -> None:
    apache = Service("http", "Apache", "HTTPD", "2.4.62")
    shown = Tls(
        "TLSv1.3", certificate=Certificate("ab", names=("www.example",), not_after="2026-12-31T00:00:00Z")
    )
    grabs = [
        Grab(1.0, "192.0.2.7", 22, Status.BANNER, "192.0.2.7", service=Service("ssh", version="8.4p1")),
        Grab(1.0, "192.0.2.8", 443, Status.BANNER, "192.0.2.8", service=apache, tls=shown),
        Grab(1.0, "192.0.2.9", 25, Status.REFUSED, "192.0.2.9", error="refused"),
    ]
    (tmp_path / "scan.jsonl").write_bytes(b"".join(map(encode, grabs)))
    assert main(["convert", str(tmp_path / "scan.jsonl"), str(tmp_path / "scan.sqlite")]) == 0
    done = subprocess.run(
        ["bash", "-c", example.partition(" | ")[0]],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(BANNER).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), example
    assert len(done.stdout.splitlines()) >= (1 if "--json" in example else 2), example
    assert {path.name for path in tmp_path.iterdir()} == {"scan.jsonl", "scan.sqlite"}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_help_shows_is_understood(command: str) -> None:
    for example in examples(command):
        lexer = shlex.shlex(example, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for ends, words in groupby(lexer, lambda word: set(word) <= set("|&<>;")):
            command_line = list(words)
            if not ends and command_line[0] == "banner":
                build_parser().parse_args(command_line[1:])
