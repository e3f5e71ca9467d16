"""``banner show``: filters, columns, and nothing of a peer that acts on a terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from banner.cli.commands.show import fit, line
from banner.cli.main import main
from banner.formats.filters import all_of
from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Tls

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
        assert process.wait(20) == 0
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
    assert [line(row, fit(rows, 40)) for row in rows] == ["漢字  x", "ab    y"]
