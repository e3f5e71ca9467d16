"""What a person sees in a pipe: a grab's card, the demo, the version, help, and colours where they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner import testing
from banner.formats.record import decode
from tests.cli.served import HOSTILE, SSH, at
from tests.command import (
    Servers,
    run,
)


def test_a_grab_shows_a_card_or_the_record(ssh: testing.Server) -> None:
    done = run("grab", at(ssh))
    assert (done.returncode, done.stderr) == (0, b"")
    first, service, *_ = done.stdout.decode().splitlines()
    assert first == f"{at(ssh)}  banner"
    assert service.startswith("  ssh OpenSSH 9.2p1")
    assert "  | SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3" in done.stdout.decode()
    done = run("grab", "127.0.0.1", "-p", str(ssh.port), "--json")
    assert decode(done.stdout).banner == SSH


def test_a_grab_of_nothing_says_why(refuser: testing.Server) -> None:
    done = run("grab", at(refuser))
    assert done.returncode == 1
    assert b"the connection was refused" in done.stdout
    assert run("grab", at(refuser), "--json").returncode == 1
    for several in (f"127.0.0.0/30:{refuser.port}", f"127.0.0.1:{refuser.port},1", "1.2.3"):
        done = run("grab", several)
        assert (done.returncode, done.stdout) == (2, b"")


def test_a_hostile_greeting_is_harmless_in_a_card(servers: Servers) -> None:
    hostile = servers.start(lambda: testing.closer(HOSTILE))
    shown = run("grab", at(hostile), "--mode", "listen").stdout.decode()
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert r"\e]0;owned\x07 \u202eevil\x9b2J\0" in shown


def test_any_encoding_of_the_surroundings_will_do(servers: Servers) -> None:
    foreign = servers.start(lambda: testing.closer("220 Grüße 你好\r\n".encode()))
    done = run("grab", at(foreign), "--mode", "listen", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert rb"220 Gr\xfc\xdfe \u4f60\u597d" in done.stdout


def test_the_demo_shows_every_kind_of_server() -> None:
    done = run("demo")
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode()
    for service in (
        "ssh OpenSSH",
        "smtp Postfix",
        "ftp ProFTPD",
        "pop3 Dovecot",
        "imap Dovecot",
        "mysql Oracle MySQL",
    ):
        assert service in shown
    for word in ("telnet", "Connection Establ", "silent", "closed", "refused", "11 targets"):
        assert word in shown


def test_the_version_is_told() -> None:
    from banner import __version__

    for option in ("--version", "-V"):
        assert run(option).stdout.decode() == f"banner {__version__}\n"


def test_help_is_a_command_too() -> None:
    for command in ("scan", "config", "help"):
        assert run("help", command).stdout == run(command, "--help").stdout != b""
    assert run("help").stdout == run("--help").stdout
    assert run("help", "rules", "check").stdout == run("rules", "check", "--help").stdout != b""
    for words in (("rules", "chekc"), ("scan", "check"), ("rules", "check", "check")):
        assert (run("help", *words).returncode, run("help", *words).stdout) == (2, b"")
    done = run("help", "scna")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean scan?" in done.stderr


def test_q_is_quiet(ssh: testing.Server) -> None:
    done = run("scan", at(ssh), "-q")
    assert (done.returncode, done.stderr, done.summary) == (0, b"", b"")


@pytest.mark.parametrize(
    ("option", "env", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_off_a_terminal(
    ssh: testing.Server, tmp_path: Path, option: list[str], env: dict[str, str], coloured: bool
) -> None:
    scan = tmp_path / "scan.jsonl"
    scan.write_bytes(run("scan", at(ssh), *option, env=env).stdout)
    assert b"\x1b" not in scan.read_bytes()  # records are records
    for command in (["grab", at(ssh)], ["show", str(scan)]):
        assert (b"\x1b[32mbanner" in run(*command, *option, env=env).stdout) is coloured
