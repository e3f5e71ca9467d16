"""The command line as a script meets it: records on standard output, silence beside them, exit statuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

import pytest

from banner import Status, testing
from banner.formats.record import decode
from tests.command import (
    BANNER,
    ENVIRONMENT,
    PATIENCE,
    Servers,
    records,
    run,
    started,
    wait_for,
    without_summary,
)

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
HOSTILE = b"220 \x1b]0;owned\x07 \xe2\x80\xaeevil\xc2\x9b2J\0\r\n"
BINARY = b"\xff\xfe\x00\x80 not text"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def ssh(servers: Servers) -> testing.Server:
    return servers.start(lambda: testing.greeter(SSH))


@pytest.fixture(scope="module")
def silent(servers: Servers) -> testing.Server:
    return servers.start(testing.silent)


@pytest.fixture(scope="module")
def refuser(servers: Servers) -> testing.Server:
    return servers.start(testing.refuser)


def at(server: testing.Server) -> str:
    return f"{server.host}:{server.port}"


def test_a_scan_in_a_pipe_gives_one_record_per_target_and_silence(
    servers: Servers, ssh: testing.Server, silent: testing.Server, refuser: testing.Server
) -> None:
    hostile = servers.start(lambda: testing.greeter(HOSTILE))
    binary = servers.start(lambda: testing.closer(BINARY))
    everybody = [ssh, silent, refuser, hostile, binary]
    done = run("scan", *map(at, everybody), "--mode", "listen", "--read-timeout", "0.6")
    assert (done.returncode, done.stderr) == (0, b"")
    grabs = {grab.port: grab for grab in map(decode, done.stdout.splitlines())}
    assert len(grabs) == len(records(done.stdout)) == len(everybody)
    assert grabs[ssh.port].banner == SSH
    assert grabs[silent.port].status is Status.SILENT
    assert grabs[refuser.port].status is Status.REFUSED
    assert grabs[hostile.port].banner == HOSTILE
    assert grabs[binary.port].banner == BINARY
    # Nothing of the peers' control characters stands in the output as such, but in JSON's escapes.
    assert not {*range(32)} - {10} & {*done.stdout}


def test_records_go_where_they_are_sent(ssh: testing.Server, tmp_path: Path) -> None:
    out = tmp_path / "scan.jsonl"
    done = run("scan", at(ssh), "-o", str(out))
    assert done.returncode == 0
    again = run("scan", at(ssh), "-o", str(out))
    assert again.returncode == 2
    assert b"--force begins anew" in again.stderr
    done = run("scan", at(ssh), "-o", str(out), "--force")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [r["banner"].encode() for r in records(out.read_bytes())] == [SSH]
    assert len(records(run("scan", at(ssh), "-o", "-").stdout)) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (["1.2.3:22"], "is no address"),
        (["127.0.0.1:70000"], "port"),
        (["127.0.0.1"], "no ports were given (-p)"),
        (["127.0.0.1:22", "nothing://example/"], "names no port"),
        (["127.0.0.1", "-p", "x"], "'x' is not a port"),
        (["--exclude", "nonsense"], "--exclude"),
        (["--exclude-file", "/nonexistent"], "No such file"),
        (["-i", "/nonexistent"], "/nonexistent: No such file"),
        (["-i", "/"], "/: Is a directory"),
        (["-c", "0"], "whole number from 1 on"),
        (["--rate", "nan"], "not a number above 0"),
        (["--ehlo", "a b"], "--ehlo"),
        (["--ehlo", "a\r\nDATA"], "printable ASCII"),
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
        (["convert", "/nonexistent/a", "b.csv"], "/nonexistent/a: No such file"),
        (["show", "/nonexistent/a"], "/nonexistent/a: No such file"),
        (["show", "/etc/passwd"], "/etc/passwd: neither JSON lines nor"),
        (["show", "/nonexistent/a", "-w", "prot=22"], "did you mean port"),
        (["rules", "chekc", "x"], "did you mean check?"),
        (["rules", "check", "/nonexistent/a"], "/nonexistent/a: No such file"),
        (["identify", "/nonexistent/a"], "/nonexistent/a: No such file"),
        (["identify", "--text", "--port", "99999"], "port 99999 is not between 1 and 65535"),
        (["demo", "now"], "unrecognized: now"),
        (["grab"], "HOST[:PORT]"),
    ],
)
def test_a_mistake_is_answered_with_advice_and_not_with_a_page(wrong: list[str], advice: str) -> None:
    done = run(*wrong)
    assert (done.returncode, done.stdout) == (2, b"")
    told = done.stderr.decode().splitlines()
    assert len(told) <= 2
    assert advice in told[-1]


def test_targets_may_stand_on_both_sides_of_an_option(ssh: testing.Server) -> None:
    done = run("scan", at(ssh), "--mode", "listen", f"127.0.0.9:{ssh.port}")
    assert {record["host"] for record in records(done.stdout)} == {"127.0.0.1", "127.0.0.9"}


def test_no_targets_and_no_command_are_usage_errors() -> None:
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


LINES = "# hosts\n{good} first\n\nno-port\n{good}\tthe second\r\n127.1:22\n\xff\n{good}\n"


@pytest.mark.parametrize("way", ["file", "pipe", "redirected"])
def test_a_bad_line_costs_one_line_and_the_scan_goes_on(
    ssh: testing.Server, tmp_path: Path, way: str
) -> None:
    lines = LINES.format(good=at(ssh)).encode("latin-1")
    hosts = tmp_path / "hosts"
    hosts.write_bytes(lines)
    if way == "file":
        done = run("scan", "-i", str(hosts))
    elif way == "pipe":
        done = run("scan", "-i", "-", stdin=lines)
    else:
        with hosts.open() as file:
            done = run("scan", "-i", "-", stdin=file.fileno())
    assert done.returncode == 2
    assert {r.get("tag") for r in records(done.stdout)} == {"first", "the second", None}
    assert done.stdout.count(b"\n") == 3
    name = str(hosts) if way == "file" else "standard input"
    told = done.stderr.decode().splitlines()
    assert len(told) == 3
    for number, reason, line in zip([4, 6, 7], ["no port", "no address", "not UTF-8"], told, strict=True):
        assert line.startswith(f"banner: {name}: line {number}: ")
        assert reason in line


def test_targets_come_from_arguments_and_files_together(ssh: testing.Server, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("127.0.0.1 one\n")
    two.write_text("127.0.0.2-3 two")
    done = run("scan", f"{at(ssh)} zero", "-i", str(one), "-i", str(two), "-p", str(ssh.port))
    assert done.returncode == 0
    assert sorted((r["tag"], r["host"]) for r in records(done.stdout)) == [
        ("one", "127.0.0.1"),
        ("two", "127.0.0.2"),
        ("two", "127.0.0.3"),
        ("zero", "127.0.0.1"),
    ]


def test_an_input_without_targets_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# none yet\n")
    for arguments, where in ((["-i", "-"], b"standard input"), (["-i", str(tmp_path / "empty")], b"empty")):
        done = run("scan", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert len(done.stderr.splitlines()) == 1
        assert b"no target is named in it" in done.stderr
        assert where in done.stderr
    shards = [
        run("scan", "127.0.0.1:9", "--shard", f"{part}/3", "-o", str(tmp_path / f"{part}.jsonl"))
        for part in (1, 2, 3)
    ]
    assert [done.returncode for done in shards] == [0, 0, 0]
    assert (
        sorted(done.stderr for done in shards)[1:]
        == [b"banner: no targets: none of them is in this shard\n"] * 2
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--resume", "--force", "-o", "OUT"], b"--resume goes on with a scan, --force"),
        (["--seed", "7", "--order", "given"], b"--seed is of the shuffled order"),
        (["--mode", "listen", "--probe", "http"], b"--mode listen sends nothing"),
        (["--probe", "http", "--probe", "ssh", "--no-probe", "http"], b"http: with --probe and with --no-probe"),
    ],
)  # fmt: skip
def test_options_that_contradict_each_other_are_refused(
    tmp_path: Path, arguments: list[str], told: bytes
) -> None:
    out = tmp_path / "out.jsonl"
    done = run("scan", "127.0.0.1:9", *[str(out) if word == "OUT" else word for word in arguments])
    assert done.returncode == 2
    assert told in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".sqlite", ".xml", ".jsonl.gz"])
def test_what_cannot_be_opened_for_writing_ends_with_3(tmp_path: Path, suffix: str) -> None:
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
def test_no_output_overwrites_what_is_read(tmp_path: Path, option: str, name: str) -> None:
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


def test_what_is_excluded_is_denied_and_not_visited(ssh: testing.Server, tmp_path: Path) -> None:
    never = tmp_path / "never.txt"
    never.write_text("# ours\n127.0.0.4-127.0.0.5\n")
    before = ssh.connections
    done = run(
        "scan",
        f"127.0.0.0/29:{ssh.port}",
        f"localhost:{ssh.port}",
        f"[::ffff:127.0.0.3]:{ssh.port}",
        "--exclude",
        "127.0.0.2/31",
        "::1",
        "--exclude-file",
        str(never),
        "--exclude",
        "127.0.0.1",
    )
    assert done.returncode == 0
    found = records(done.stdout)
    denied = {r["host"] for r in found if r["status"] == "denied"}
    # Networks lose what is excluded; what was named by itself gets its answer.
    assert denied == {"127.0.0.3", "localhost"}
    assert {r["host"] for r in found} - denied == {"127.0.0.0", "127.0.0.6", "127.0.0.7"}
    assert not any(r.get("banner") for r in found if r["status"] == "denied")
    # Whoever is not excluded is not at home: the server listens on 127.0.0.1 alone.
    assert ssh.connections == before


def test_lines_are_visited_as_they_are_typed(ssh: testing.Server) -> None:
    with started("scan", "-i", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(f"{at(ssh)} {number}\n".encode())
            process.stdin.flush()
            (record,) = records(process.stdout.readline())
            assert record["tag"] == str(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, without_summary(err)[0]) == (0, b"", b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_an_interrupted_scan_keeps_what_was_done(
    ssh: testing.Server, silent: testing.Server, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out.jsonl"
    targets = [at(ssh)] * 20 + [at(silent)] * 50
    arguments = ["scan", *targets, "-o", str(out), "--read-timeout", "60", "--mode", "listen"]
    arguments += ["--per-host", "100"]
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") == 20)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=PATIENCE)
    assert (process.returncode, stdout) == (130, b"")
    told, summary = without_summary(stderr)
    assert summary.endswith(b"- interrupted\n")
    assert told.decode() == f"banner: not every target was visited; banner scan --resume -o {out} goes on\n"
    assert [r["status"] for r in records(out.read_bytes())] == ["banner"] * 20


def test_an_interrupted_scan_ends_although_standard_input_stays_open(ssh: testing.Server) -> None:
    with started("scan", "-i", "-", "--quiet", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{at(ssh)}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    "command", [["demo"], ["--help"], ["--version"], ["grab"], ["grab", "--json"], ["scan"]]
)
@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_goes_away_is_no_traceback(ssh: testing.Server, command: list[str], lines: int) -> None:
    targets = (
        [at(ssh)] if command[0] == "grab" else [f"127.0.0.0/16:{ssh.port}"] if command == ["scan"] else []
    )
    read, write = os.pipe()
    with started(*command, *targets, stdout=write) as process:
        os.close(write)
        with open(read, "rb") as reader:
            for _ in range(lines):
                assert reader.readline()
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, b"")


def test_a_reader_that_goes_away_ends_an_endless_scan(ssh: testing.Server) -> None:
    line = f"yes {at(ssh)} | {quote(BANNER)} scan -i - | head -n 1"
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, check=True
    )
    assert len(records(done.stdout)) == 1
    assert done.stderr == b""


def test_nobody_need_listen_to_the_complaints(ssh: testing.Server, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    read, write = os.pipe()
    os.close(read)
    with started("scan", "-i", "-", "-o", str(out), stdin=subprocess.PIPE, stderr=write) as process:
        os.close(write)
        process.communicate(b"bad\n" * 9 + at(ssh).encode(), timeout=PATIENCE)
    assert process.returncode == 2
    assert len(records(out.read_bytes())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["grab", "scan", "demo"])
def test_a_full_device_is_told(ssh: testing.Server, command: str) -> None:
    target = [] if command == "demo" else [at(ssh)]
    with open("/dev/full", "wb") as full, started(command, *target, stdout=full.fileno()) as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert err == b"banner: cannot write standard output: No space left on device\n"


def test_a_full_disk_leaves_whole_lines(ssh: testing.Server, tmp_path: Path) -> None:
    # A limit of 8 blocks of 512 bytes stands for the disk; write(2) fails with EFBIG where it ends.
    out = tmp_path / "out.jsonl"
    line = (
        f"trap '' XFSZ; ulimit -f 8; exec {quote(BANNER)} scan 127.0.0.0/24:{ssh.port} -o {quote(str(out))}"
    )
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 3
    assert done.stderr.decode() == f"banner: cannot write {out}: File too large\n"
    kept = out.read_bytes()
    assert 3000 < len(kept) <= 4096
    assert len(records(kept)) > 10


def test_a_closed_standard_output_is_told(ssh: testing.Server) -> None:
    for command in ("scan", "grab"):
        line = f"exec {quote(BANNER)} {command} {at(ssh)} >&-"
        done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        assert done.returncode == 3
        assert done.stderr == b"banner: cannot write standard output: Bad file descriptor\n"


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


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak of memory in /proc")
def test_memory_does_not_grow_with_the_number_of_targets(refuser: testing.Server) -> None:
    def peak(prefix: int) -> int:
        code = (
            "import resource, sys; from banner.cli.main import main; status = main(sys.argv[1:]);"
            "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)); sys.exit(status)"
        )
        network = f"127.0.0.0/{prefix}:{refuser.port}"
        command = [
            sys.executable,
            "-c",
            code,
            "scan",
            network,
            "-o",
            os.devnull,
            "--mode",
            "listen",
            "--quiet",
        ]
        done = subprocess.run(command, stderr=subprocess.PIPE, timeout=PATIENCE, check=True)
        return int(done.stderr)

    few, many = peak(20), peak(16)  # 4,096 and 65,536 targets
    assert many < few + 8192  # KiB; 61,440 targets kept would be 15 MB and more


def test_the_version_is_told() -> None:
    from banner import __version__

    for option in ("--version", "-V"):
        assert run(option).stdout.decode() == f"banner {__version__}\n"


def test_targets_come_through_a_pipe_without_being_asked_for(ssh: testing.Server, tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{at(ssh)} from-a-file\n")
    (record,) = records(run("scan", stdin=f"{at(ssh)} piped\n").stdout)
    assert record["tag"] == "piped"
    with hosts.open() as file:
        (record,) = records(run("scan", stdin=file.fileno()).stdout)
    assert record["tag"] == "from-a-file"
    # Where targets are named, standard input is somebody else's, as in a shell's `while read`.
    read, write = os.pipe()
    os.write(write, b"127.0.0.9:9\n")
    for arguments in ([at(ssh)], ["-i", str(hosts)]):
        (record,) = records(run("scan", *arguments, stdin=read).stdout)
        assert record["host"] == "127.0.0.1"
    os.close(write)
    assert os.read(read, 100) == b"127.0.0.9:9\n"
    os.close(read)


def test_help_is_a_command_too() -> None:
    for command in ("scan", "config", "help"):
        assert run("help", command).stdout == run(command, "--help").stdout != b""
    assert run("help").stdout == run("--help").stdout
    done = run("help", "scna")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean scan?" in done.stderr


@pytest.mark.parametrize("option", ["--rat", "--conc", "--quie"])
def test_an_abbreviated_option_is_refused_with_the_whole_one(option: str) -> None:
    done = run("scan", "127.0.0.1:9", option, "5")
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"unrecognized option {option}; did you mean {option}".encode() in done.stderr


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
