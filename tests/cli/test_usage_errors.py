"""Mistakes on the command line are told before anything is sent, with advice, and nothing is overwritten."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

import pytest

from banner import testing
from tests.cli.served import at
from tests.command import (
    run,
)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (["1.2.3:22"], "is no address"),
        (["127.0.0.1:70000"], "port"),
        (["127.0.0.1"], "no ports were given (-p)"),
        (["127.0.0.1:22", "nothing://example/"], "names no port"),
        (["127.0.0.1", "-p", "x"], "'x' is not a port"),
        (["--exclude", "nonsense"], "--exclude"),
        (["--exclude-file", "/proc/missing"], "No such file"),
        (["-i", "/proc/missing"], "/proc/missing: No such file"),
        (["-i", "/"], "/: Is a directory"),
        (["-c", "0"], "whole number from 1 on"),
        (["--rate", "nan"], "not a number above 0"),
        (["--ehlo", "a b"], "--ehlo"),
        (["--ehlo", "a\r\nDATA"], "printable ASCII"),
        (["-p", "22", "-p", "80"], "-p/--ports: it is given twice: -p 22,80"),
        (["--log-file", "/proc/missing/log"], "--log-file /proc/missing/log: No such file"),
        (["--proxy", "socks5://127.0.0.1:0"], "a proxy's port is a number from 1"),
        (["--probe", "nobody"], "--probe: no probe is named 'nobody'"),
        (["--no-probe", "nobody"], "--no-probe: no probe is named"),
        (["--nonsense"], "unrecognized"),
    ],
)
def test_a_usage_error_is_told_before_anything_is_sent(
    ssh: testing.Server, wrong: list[str], reason: str
) -> None:
    before = ssh.connections
    done = run("scan", at(ssh), *wrong)
    assert (done.returncode, done.stdout) == (2, b"")
    assert reason in done.stderr.decode().splitlines()[-1]
    assert ssh.connections == before


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (["scna"], "did you mean scan?"),
        (["--vresion"], "unrecognized option --vresion; did you mean --version?"),
        (["scan", "--workres", "2", "h:22"], "did you mean --workers"),
        (["scan", "h:22", "--mode", "lihgt"], "did you mean light"),
        (["scan", "h:22", "--format", "jsn"], "did you mean jsonl?"),
        (["scan", "-p", "22", "--exclude", "10.0.0.0/8", "192.0.2.1"], "--exclude takes all words"),
        (["convert", "a", "b", "--format", "cvs"], "did you mean csv?"),
        (["convert", "/proc/missing/a", "b.csv"], "/proc/missing/a: No such file"),
        (["show", "/proc/missing/a"], "/proc/missing/a: No such file"),
        (["show", "/etc/passwd"], "/etc/passwd: neither JSON lines nor"),
        (["show", "/proc/missing/a", "-w", "prot=22"], "did you mean port"),
        (["rules", "chekc", "x"], "did you mean check?"),
        (["rules", "check", "/proc/missing/a"], "/proc/missing/a: No such file"),
        (["identify", "/proc/missing/a"], "/proc/missing/a: No such file"),
        (["identify", "--text", "--port", "99999"], "port 99999 is not between 1 and 65535"),
        (["demo", "now"], "unrecognized: now"),
        (["127.0.0.1:22"], "banner grab 127.0.0.1:22 visits that"),
        (["--colour", "always", "scan"], "unrecognized option --colour; a command's options stand behind it"),
        (["scan", "127.0.0.1:"], "'127.0.0.1:': a port is missing behind the colon"),
        (["scan", "127.0.0.1:22-"], "'22-': a port is missing beside the dash"),
        (["scan", "127.0.0.1", "-p", "all"], "'all' is not a port: 22, 8000-8010, ssh, top:100, - for all"),
        (["scan", "127.0.0.1", "-p", "22 80"], "'22 80' is not a port"),
        (["scan", "127.0.0.1", "-p", "80-22"], "the port range 80-22 runs backwards"),
        (["scan", "fe80::1:22"], "IPv6 with a port is [2001:db8::1]:22"),
        (["scan", "127.0.0.0/33:1"], "'33' is not a prefix length"),
        (["scan", "h:1", "--shard", "5/4"], "there is no shard 5 of 4"),
        (["scan", "h:1", "--probe", "HTTP"], "no probe is named 'HTTP'; did you mean http?"),
        (["scan", "h:1", "--no-probe", "htpp"], "no probe is named 'htpp'; did you mean http or http2?"),
        (["scan", "h:1", "--proxy", "127.0.0.1:1080"], "http://host:port, not one without its scheme"),
        (["scan", "h:1", "--dns", "dns.example"], "--dns takes addresses of name servers"),
        (["scan", "h:1", "--rules", "/proc/missing/a"], "--rules /proc/missing/a: No such file"),
        (["scan", "h:1", "--probes", "missing_too"], "missing_too: no folder, file or module has that name"),
        (["scan", "h:1", "-oX", "out.xml"], "unrecognized option -oX; -o FILE.xml writes nmap's XML"),
        (["scan", "h:1", "-sV"], "unrecognized option -sV; services and versions are told anyway"),
        (["convert", "a", "-o", "b"], "unrecognized option -o; banner convert IN OUT says where it goes"),
        (["merge", "a", "b", "--output=c"], "--output; banner merge OUT SHARD says where it goes"),
        (["show", "a", "-o", "b"], "unrecognized option -o; banner show writes to standard output"),
        (["grab", "h:1", "--top-ports", "9"], "unrecognized option --top-ports"),
        (["show", "/proc/missing/a", "-w", "status=opne"], "no status 'opne'; there are banner, closed"),
        (["show", "/proc/missing/a", "-w", "status!=Slient"], "no status 'slient'; did you mean silent?"),
        (["show", "/proc/missing/a", "-w", "banner=~^["], "no regular expression: unterminated"),
        (["report", "/etc/passwd", "-o", "/dev/null"], "/etc/passwd: neither JSON lines nor"),
        (["grab"], "HOST[:PORT]"),
    ],
)
def test_a_mistake_is_answered_with_advice_and_not_with_a_page(wrong: list[str], advice: str) -> None:
    done = run(*wrong)
    assert (done.returncode, done.stdout) == (2, b"")
    told = done.stderr.decode().splitlines()
    assert len(told) <= 2
    assert advice in told[-1]


def test_fault_15_no_targets_and_no_command_are_usage_errors() -> None:
    assert run("scan").returncode == run().returncode == run("nonsense").returncode == 2
    assert b"no targets" in run("scan", stdin=subprocess.DEVNULL).stderr
    assert b"no target is named in it" in run("scan").stderr  # a pipe, with nothing in it


def test_the_file_of_targets_is_not_overwritten_with_records(ssh: testing.Server, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(at(ssh) + "\n")
    done = run("scan", "-i", str(hosts), "-o", str(hosts))
    assert done.returncode == 2
    assert b"holds the targets" in done.stderr
    assert hosts.read_text() == at(ssh) + "\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--resume", "--force", "-o", "OUT"], b"--resume goes on with a scan, --force"),
        (["--seed", "7", "--order", "given"], b"--seed is of the shuffled order"),
        (["--mode", "listen", "--probe", "http"], b"--mode listen sends nothing"),
        (["--probe", "http", "--probe", "ssh", "--no-probe", "http"], b"http: with --probe and with --no-probe"),
        (["--mode", "tls", "--no-probe", "tls"], b"--mode tls shakes hands"),
        (["--only", "banner", "--only", "silent", "--hide", "silent"], b"silent: with --only and with --hide"),
    ],
)  # fmt: skip
def test_fault_15_options_that_contradict_each_other_are_refused(
    tmp_path: Path, arguments: list[str], told: bytes
) -> None:
    out = tmp_path / "out.jsonl"
    done = run("scan", "127.0.0.1:9", *[str(out) if word == "OUT" else word for word in arguments])
    assert done.returncode == 2
    assert told in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".sqlite", ".xml", ".jsonl.gz"])
def test_fault_15_what_cannot_be_opened_for_writing_ends_with_3(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    (tmp_path / "one.jsonl").touch()
    for name in (folder, tmp_path / "missing" / f"out{suffix}"):
        for command in (["scan", "127.0.0.1:9", "-o"], ["convert", str(tmp_path / "one.jsonl")]):
            done = run(*command, str(name))
            assert (done.returncode, command[0]) == (3, command[0])
            assert f"cannot write {name}".encode() in done.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.journal", "out.jsonl.journal.new"])
@pytest.mark.parametrize("option", ["-i", "--exclude-file", "--rules", "--metrics"])
def test_fault_23_no_output_overwrites_what_is_read(tmp_path: Path, option: str, name: str) -> None:
    precious = tmp_path / name
    content = "Probe TCP NULL q||\nmatch ssh m|^SSH-|\n" if option == "--rules" else "192.0.2.1\n"
    precious.write_text(content)
    other = tmp_path / "link"
    other.symlink_to(precious)
    for path in (precious, other):
        done = run(
            "scan", "127.0.0.1:9", "-p", "9", "--force", "-o", str(tmp_path / "out.jsonl"), option, str(path)
        )
        assert done.returncode == 2, done.stderr
        assert b"it would be overwritten" in done.stderr or b"an output holds the targets" in done.stderr
        assert precious.read_text() == content


@pytest.mark.parametrize("option", ["--rat", "--conc", "--quie"])
def test_an_abbreviated_option_is_refused_with_the_whole_one(option: str) -> None:
    done = run("scan", "127.0.0.1:9", option, "5")
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"unrecognized option {option}; did you mean {option}".encode() in done.stderr


def test_a_file_of_targets_in_a_targets_place_is_told(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.txt"
    hosts.write_text("127.0.0.1:1\n")
    plain = tmp_path / "plain"
    plain.write_text("127.0.0.1:1\n")
    for arguments in ([str(hosts)], [str(plain)]):
        done = run("scan", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"is a file: -i '" in done.stderr
    with contextlib.chdir(tmp_path):
        assert b"'hosts.txt' is a file: -i" in run("scan", "hosts.txt", "-p", "22").stderr
        assert b"'./plain' is a file: -i" in run("scan", "./plain", "-p", "22").stderr
        assert b"'/missing': before the slash" in run("scan", "/missing", "-p", "22").stderr
        (tmp_path / "localhost").write_text("what was found there")
        assert run("scan", "localhost", "-p", "1", "--exclude", "::/0", "0.0.0.0/0").returncode == 0  # a host


def test_nothing_to_show_is_said(tmp_path: Path) -> None:
    scan, empty, page = tmp_path / "scan.jsonl", tmp_path / "empty.jsonl", tmp_path / "page.html"
    assert run("scan", "127.0.0.1:1", "-o", str(scan)).returncode == 0
    empty.touch()
    done = run("show", str(scan), "-w", "port=22", "service=ssh")
    assert (done.returncode, done.stderr) == (
        1,
        f"banner: {scan} holds no records with port=22 and service=ssh\n".encode(),
    )
    done = run("report", str(empty), "-o", str(page))
    assert (done.returncode, done.stderr) == (
        0,
        f"banner: {empty}: no records, and a page of nothing\n".encode(),
    )
    assert "scan report" in page.read_text()
