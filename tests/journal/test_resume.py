"""A scan that is killed, cut short or refused, and goes on: every target exactly once in the output."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from banner.journal import journal
from tests.command import PATIENCE, Servers, Terminal, records, run, started, wait_for
from tests.few import UNHURRIED, Few

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(SSH, host="0.0.0.0")).port


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(SSH, 8) as few:
        yield few


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def hosts(out: Path) -> Counter[str]:
    return Counter(record["host"] for record in records(out.read_bytes()))


def journal_of(out: Path) -> Path:
    return Path(journal.path_of(str(out)))


def interrupted(few: Few, out: Path, *arguments: str, least: int = 1) -> None:
    """Scan the few until `least` records are there, then Ctrl-C; who comes later is greeted."""
    with started("scan", *arguments, "-o", str(out)) as process:
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") >= least)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    few.greet_all()
    assert journal_of(out).exists()


def damaged(path: Path, chance: random.Random) -> None:
    size, some = path.stat().st_size, chance.randint(1, 150)
    with path.open("r+b") as file:
        file.truncate(size - some)
        if chance.random() < 0.5:
            file.seek(size - some)
            file.write(chance.randbytes(some))


@pytest.mark.parametrize("damages", [False, True], ids=["whole", "damaged"])
def test_a_scan_killed_at_any_moment_visits_every_target_once(
    port: int, out: Path, tmp_path: Path, damages: bool
) -> None:
    chance = random.Random(5)
    everybody = [f"127.0.{n >> 8}.{n & 255}" for n in range(2000)]
    (tmp_path / "hosts").write_text("".join(f"{host}:{port}\n" for host in everybody))
    arguments = ["scan", "-i", str(tmp_path / "hosts"), "-o", str(out), "--rate", "1500", "--mode", "listen"]
    for kill in range(6):
        with started(*arguments, *(["--resume"] if kill else [])) as process:
            wait_for(lambda: process.poll() is not None or journal_of(out).exists())
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
        if damages and journal_of(out).exists():
            damaged(journal_of(out), chance)
    done = run("scan", "--resume", "-o", str(out))
    assert (done.returncode, done.stdout) == (0, b"")
    assert hosts(out) == Counter(everybody)
    assert all(record["banner"].encode() == SSH for record in records(out.read_bytes()))
    assert not journal_of(out).exists()


def test_ports_of_both_transports_are_taken_up_where_each_was_left(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/27:{few.port},U:{few.port}", "--rate", "50", *UNHURRIED, least=8)
    done = run("scan", "--resume", "-o", str(out))
    assert done.returncode == 0
    found = Counter((one["host"], one.get("transport", "tcp")) for one in records(out.read_bytes()))
    assert found == Counter((f"127.0.1.{n}", transport) for n in range(32) for transport in ("tcp", "udp"))


def test_a_torn_line_is_cut_and_its_target_visited_again(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/26:{few.port}", "--rate", "100", *UNHURRIED, least=8)
    with out.open("ab") as file:
        file.write(b'{"v":1,"host":"127.0.1.63","port":')
    done = run("scan", "--resume", "-o", str(out))
    assert done.returncode == 0
    assert b"cut 34 bytes" in done.stderr
    assert hosts(out) == Counter(f"127.0.1.{n}" for n in range(64))


@pytest.mark.parametrize("kind", ["pipe", "shard", "duplicates"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_whatever_the_targets_are(port: int, out: Path, kind: str, workers: str) -> None:
    network = f"127.0.1.0/25:{port}"
    arguments = {
        "pipe": ["-i", "-"], "shard": [network, "--shard", "2/2"], "duplicates": [network] * 2,
    }[kind]  # fmt: skip
    arguments += ["--workers", workers]
    stdin = f"{network}\n".encode() if kind == "pipe" else b""
    cut = run("scan", *arguments, "-o", str(out), "--rate", "150", "--max-time", "0.1", stdin=stdin)
    assert b"the time was up" in cut.stderr
    assert (b"piped in from the first on" in cut.stderr) == (kind == "pipe")
    before = sum(hosts(out).values())
    assert before < 64
    done = run("scan", *arguments, "--rate", "150", "-o", str(out), "--resume", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert set(hosts(out).values()) == {2 if kind == "duplicates" else 1}
    assert len(hosts(out)) == (64 if kind == "shard" else 128)


def test_a_pipe_is_read_again_up_to_where_its_scan_was(port: int, out: Path) -> None:
    lines = "".join(f"127.0.{n >> 8}.{n & 255}:{port}\n" for n in range(3000)).encode()
    arguments = ["-i", "-", "--rate", "1500"]
    read, write = os.pipe()
    with started("scan", *arguments, "-o", str(out), stdin=read) as process:
        os.write(write, lines[:40_000])
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") > 300)
        process.kill()
    os.close(read)
    os.close(write)
    done = run("scan", *arguments, "-o", str(out), "--resume", stdin=lines)
    assert (done.returncode, done.stderr) == (0, b"")
    assert hosts(out) == Counter(line.split(":")[0] for line in lines.decode().split())


def test_a_full_disk_costs_nothing_once_there_is_room(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    network = f"127.0.1.0/24:{port}"
    # The kernel refuses to let files grow beyond a limit as it does on a full disk.
    done = run("scan", network, "-o", str(out), preexec=_little_room)
    assert done.returncode == 3
    assert b"cannot write" in done.stderr
    assert 0 < len(records(out.read_bytes())) < 256
    done = run("scan", "--resume", "-o", str(out))
    assert done.returncode == 0
    assert hosts(out) == Counter(f"127.0.1.{n}" for n in range(256))


def _little_room() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


def test_what_differs_is_told_and_nothing_changed(few: Few, out: Path, tmp_path: Path) -> None:
    listed = tmp_path / "hosts"
    listed.write_text(f"127.0.1.0/26:{few.port}\n")
    arguments = ["-i", str(listed), *UNHURRIED, "--rate", "100"]
    interrupted(few, out, *arguments)
    before = out.read_bytes(), journal_of(out).read_bytes()

    def refused(*given: str) -> str:
        done = run("scan", "-o", str(out), *given)
        assert done.returncode == 2
        assert (out.read_bytes(), journal_of(out).read_bytes()) == before
        return done.stderr.decode().splitlines()[-1]

    assert "--rate '50.0', not '100.0'" in refused("--resume", *arguments[:-1], "50")
    assert "--rate '100.0' is missing" in refused("--resume", *arguments[:-2])
    assert "--seed" in refused("--resume", "--seed", "5")
    assert ": targets '127.0.0.1:" in refused("--resume", f"127.0.0.1:{few.port}", *arguments[2:])
    assert "--resume goes on with its scan" in refused(*arguments)
    listed.write_text(f"127.0.1.0/25:{few.port}\n")
    assert "a file has changed" in refused("--resume")
    listed.unlink()
    assert "No such file" in refused("--resume")
    listed.write_text(f"127.0.1.0/26:{few.port}\n")
    assert run("scan", "-o", str(out), "--resume", *arguments).returncode == 0
    assert sum(hosts(out).values()) == 64


def test_a_foreign_or_damaged_journal_loses_nothing(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/26:{few.port}", "--rate", "100", *UNHURRIED, least=5)
    whole, kept = out.read_bytes(), journal_of(out).read_bytes()

    def refused(reason: str) -> None:
        before = out.read_bytes(), journal_of(out).read_bytes()
        done = run("scan", "-o", str(out), "--resume")
        assert done.returncode == 2
        assert reason in done.stderr.decode()
        assert (out.read_bytes(), journal_of(out).read_bytes()) == before

    journal_of(out).write_bytes(b"x" + kept[1:])
    refused("damaged")
    journal_of(out).write_bytes(kept)
    out.write_bytes(whole[:-200])
    refused("shorter")
    out.write_bytes(whole.replace(b"127.0.1", b"127.0.2"))
    refused("is not the output")
    out.write_bytes(whole + whole.splitlines(keepends=True)[0])
    refused("a record of no target")
    out.write_bytes(whole)
    assert run("scan", "-o", str(out), "--resume").returncode == 0
    assert sum(hosts(out).values()) == 64


def test_two_scans_do_not_write_one_file(few: Few, out: Path) -> None:
    arguments = ["scan", f"127.0.1.0/24:{few.port}", *UNHURRIED, "-o", str(out)]
    with started(*arguments) as process:
        wait_for(journal_of(out).exists)
        for way in ("--resume", "--force"):
            done = run(*arguments, way)
            assert done.returncode == 2
            assert b"another scan" in done.stderr
        assert process.poll() is None


def test_nothing_to_resume(port: int, out: Path, tmp_path: Path) -> None:
    fresh = run("scan", f"127.0.1.1:{port}", "-o", str(out), "--resume")
    assert (fresh.returncode, len(hosts(out))) == (0, 1)
    done = run("scan", "-o", str(out), "--resume")
    assert done.returncode == 0
    assert b"nothing left to resume" in done.stderr
    for other in ([], ["-o", "-"], ["-o", str(tmp_path / "x.csv")], ["-o", os.devnull]):
        assert run("scan", f"127.0.1.1:{port}", "--resume", *other).returncode == 2


def test_a_resumed_scan_tells_what_was_done_before(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/26:{few.port}", "--rate", "200", *UNHURRIED, least=8)
    with Terminal("scan", "--resume", "-o", str(out)) as terminal:
        assert terminal.finish() == 0
    assert b" done before" in terminal.shown
    assert len(hosts(out)) == 64


@pytest.mark.parametrize("suffix", [".jsonl", ".sqlite"])
def test_fault_23_a_scan_whose_journal_is_lost_is_not_taken_for_complete(
    few: Few, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"out{suffix}"
    arguments = ["scan", f"127.0.1.0/24:{few.port}", *UNHURRIED]
    with started(*arguments, "-o", str(out)) as process:
        wait_for(lambda: bool(out.exists() and run("convert", str(out), "-").stdout))
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    journal_of(out).unlink()
    for told in (["scan"], arguments):
        done = run(*told, "-o", str(out), "--resume")
        assert done.returncode == 2
        assert b"its journal" in done.stderr
        assert b"is gone" in done.stderr


def test_fault_15_refusals_to_resume_say_what_is_meant(few: Few, out: Path) -> None:
    nothing = run("scan", "-o", str(out), "--resume")
    assert nothing.returncode == 2
    assert b"there is no scan to resume" in nothing.stderr
    interrupted(few, out, f"127.0.1.0/24:{few.port}", "--rate", "40", *UNHURRIED)
    other = run("scan", "-o", str(out), "--resume", "--ports", "80")
    assert other.returncode == 2
    assert b"the scan began with other arguments: --ports '80' is new" in other.stderr
    other = run("scan", "-o", str(out), "--resume", "--rate", "50")
    assert b"--rate '50.0', not '40.0'" in other.stderr


def test_fault_15_a_pipe_that_ends_too_early_is_asked_for_again(port: int, out: Path) -> None:
    everybody = "".join(f"127.0.1.{n}:{port}\n" for n in range(200)).encode()
    with started("scan", "-i", "-", "--rate", "40", "-o", str(out), stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(everybody)
        process.stdin.flush()
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") > 4)
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    done = run("scan", "-o", str(out), "--resume", stdin=everybody[:30])
    assert done.returncode == 2
    assert b"pipe in the same ones, from the first on" in done.stderr
    assert b"Traceback" not in done.stderr
