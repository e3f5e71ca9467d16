"""The command line as a person meets it: the real command on a pseudo-terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from banner.cli.options import COMMANDS
from banner.formats.record import decode
from tests.command import Servers, Terminal, wait_for

HOSTILE = b"220 \x1b]0;owned\x07 \xe2\x80\xaeevil\xc2\x9b2J\x9b5n\0\r\n"
TEXT = b"220 \x1b]0;owned\x07 \xe2\x80\xaeevil\xc2\x9b2J\x7f\r\n"
OURS = re.compile(rb"\r?\x1b\[2K|\x1b\[\d*m")
"""What we write ourselves: the line wiped, and colours."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def some(servers: Servers) -> list[str]:
    """An SSH server, one that keeps silent, one that refuses, and two hostile ones."""
    made = [
        lambda: testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        testing.silent,
        testing.refuser,
        lambda: testing.closer(HOSTILE),
        lambda: testing.closer(TEXT),
    ]
    started = [servers.start(make) for make in made]
    return [f"{server.host}:{server.port}" for server in started]


def lines(shown: bytes) -> list[str]:
    """What stands on the screen in the end: each line as it was written last."""
    text = re.sub(rb"\x1b\[\d*m", b"", shown).decode()
    return [line.rsplit("\x1b[2K", 1)[-1].rstrip("\r") for line in text.split("\n")]


def harmless(shown: bytes) -> bool:
    text = OURS.sub(b"", shown).replace(b"\r\n", b"").decode()
    return text.replace("\r", "").isprintable()


def test_a_scan_shows_a_line_per_result_progress_and_a_summary(some: list[str]) -> None:
    with Terminal("scan", *some, "--all", "--mode", "listen", "--read-timeout", "1.6") as terminal:
        assert terminal.finish() == 0
    seen = lines(terminal.shown)
    for target, status in zip(some, ["banner", "silent", "refused", "banner", "banner"], strict=True):
        (line,) = [line for line in seen if line.startswith(target)]
        assert line.split()[1] == status
    assert "5 targets in" in seen[-2]
    assert "3 banner, 1 silent, 1 refused" in seen[-2] or "3 banner, 1 refused, 1 silent" in seen[-2]
    assert seen[-1] == ""
    live = re.findall(rb"\r\x1b\[2K(4/5[^\r]*)", terminal.shown)
    assert re.search(rb"^4/5 \(80%\)  waiting for 1 peer, up to \d+ s  3 banner  \d+/s  1 refused", live[0])
    assert b"waiting for 1 silent peer, up to " in live[-1]  # told after a second
    assert harmless(terminal.shown)
    assert len(seen) == 7


def test_json_on_a_terminal_is_harmless_and_exact(some: list[str]) -> None:
    for command in (["scan", "-o", "-", "--quiet"], ["grab", "--json"]):
        for target, greeting in zip(some[3:], [HOSTILE, TEXT], strict=True):
            with Terminal(*command, target, "--mode", "listen", columns=400) as terminal:
                assert terminal.finish() == 0
            assert harmless(terminal.shown)
            assert decode(terminal.shown).banner == greeting


def test_a_card_is_harmless(some: list[str]) -> None:
    with Terminal("grab", some[4], "--mode", "listen") as terminal:
        assert terminal.finish() == 0
    assert rb"| 220 \e]0;owned\x07 \u202eevil\x9b2J\x7f" in terminal.shown
    assert harmless(terminal.shown)


def test_ctrl_c_shows_the_summary(some: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Terminal("scan", *some, "--mode", "listen", "--read-timeout", "60", "-o", str(out)) as terminal:
        terminal.until(b"4/5")
        terminal.type(b"\x03")
        assert terminal.finish() == 130
    assert re.search(
        r"4 targets in .*3 banner, 1 refused; seed \d+ - interrupted$", lines(terminal.shown)[-3]
    )
    assert lines(terminal.shown)[-2].endswith(f"banner scan --resume -o {out} goes on")
    assert b"Traceback" not in terminal.shown
    assert len(out.read_bytes().splitlines()) == 4


def test_ctrl_c_ends_the_others_too(servers: Servers) -> None:
    silent = servers.start(testing.silent)
    grab = ["grab", f"{silent.host}:{silent.port}", "--mode", "listen", "--read-timeout", "60"]
    with Terminal(*grab) as terminal:
        wait_for(lambda: silent.connections > 0)
        terminal.type(b"\x03")
        assert terminal.finish() == 130
    assert terminal.shown == b"^C"
    with Terminal("demo") as terminal:
        terminal.until(b"refused")
        terminal.type(b"\x03")
        assert terminal.finish() == 130
    assert b"Traceback" not in terminal.shown


def test_bad_lines_stand_on_lines_of_their_own(some: list[str], tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_bytes(b"bad\x1b[2J\n" + some[0].encode() + b"\nworse\n")
    with Terminal("scan", "-i", str(hosts), columns=200) as terminal:
        assert terminal.finish() == 2
    seen = lines(terminal.shown)
    assert any(line.startswith(f"banner: {hosts}: line 1: ") for line in seen)
    assert any(line.startswith(f"banner: {hosts}: line 3: ") for line in seen)
    assert "1 banner; 2 bad lines" in seen[-2]
    assert harmless(terminal.shown)


def test_what_is_typed_is_visited_at_once(some: list[str]) -> None:
    with Terminal("scan", "-i", "-") as terminal:
        terminal.until(b"0/s")
        terminal.type(some[0].encode() + b"\n")
        terminal.until(b"OpenSSH_9.2p1\r\n")
        terminal.type(b"\x04")
        assert terminal.finish() == 0
    assert b"1 target in" in terminal.shown


@pytest.mark.parametrize("columns", [20, 41])
def test_no_line_is_wider_than_a_narrow_terminal(some: list[str], columns: int) -> None:
    arguments = ["scan", *some, "--mode", "listen", "--read-timeout", "0.3"]
    with Terminal(*arguments, columns=columns) as terminal:
        assert terminal.finish() == 0
    text = re.sub(rb"\x1b\[\d*m", b"", terminal.shown).decode()
    drawn = [part for line in text.split("\r\n") for part in re.split("\r?\x1b\\[2K", line)]
    summary = drawn[-2]
    assert all(len(part) <= columns for part in drawn if part not in drawn[-3:])
    assert summary.startswith("5 targets")
    assert drawn[-3].startswith("Not shown")


@pytest.mark.parametrize(
    ("env", "colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_colours_can_be_turned_off(some: list[str], env: dict[str, str], colours: bool) -> None:
    for command in ("scan", "grab"):
        with Terminal(command, some[0], env=env) as terminal:
            assert terminal.finish() == 0
        assert (b"\x1b[32m" in terminal.shown) is colours
    for choice in ("always", "never"):
        with Terminal("grab", some[0], "--color", choice, env=env) as terminal:
            assert terminal.finish() == 0
        assert (b"\x1b[32m" in terminal.shown) is (choice == "always")


def test_quiet_is_quiet(some: list[str], tmp_path: Path) -> None:
    with Terminal("scan", *some[:1], "-o", str(tmp_path / "out.jsonl"), "--quiet") as terminal:
        assert terminal.finish() == 0
    assert terminal.shown == b""


def test_help_fits_the_terminal() -> None:
    for columns in (60, 120):
        for command in ([], *([name] for name in COMMANDS)):
            with Terminal(*command, "--help", columns=columns) as terminal:
                assert terminal.finish() == 0
            text, _, examples = terminal.shown.decode().replace("\r", "").partition("\nexample")
            assert max(map(len, text.splitlines())) <= columns
            assert max(map(len, examples.splitlines())) <= 80  # they are as they are
