"""A scan as a script meets it: records on standard output, silence beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from banner import Status, testing
from banner.formats.record import decode
from tests.cli.served import HOSTILE, SSH, at
from tests.command import (
    PATIENCE,
    Servers,
    records,
    run,
    started,
    without_summary,
)

BINARY = b"\xff\xfe\x00\x80 not text"


def test_a_scan_in_a_pipe_gives_one_record_per_target_and_silence(
    servers: Servers, ssh: testing.Server, silent: testing.Server, refuser: testing.Server
) -> None:
    hostile = servers.start(lambda: testing.greeter(HOSTILE))
    binary = servers.start(lambda: testing.closer(BINARY))
    everybody = [ssh, silent, refuser, hostile, binary]
    done = run("scan", *map(at, everybody), "--mode", "listen", "--read-timeout", "2")
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


def test_targets_may_stand_on_both_sides_of_an_option(ssh: testing.Server) -> None:
    done = run("scan", at(ssh), "--mode", "listen", f"127.0.0.9:{ssh.port}")
    assert {record["host"] for record in records(done.stdout)} == {"127.0.0.1", "127.0.0.9"}


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
