"""A scan into a database that is killed, cut short or refused, and goes on: every target exactly once in it."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from banner import testing
from banner.journal import journal
from banner.journal.kept import KeptRows
from banner.journal.ledger import Ledger
from tests.command import PATIENCE, Servers, run, started, wait_for
from tests.few import UNHURRIED, Few

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(SSH, host="0.0.0.0")).port


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(SSH, 12) as few:
        yield few


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.sqlite"


def hosts(out: Path, where: str = "1") -> Counter[str]:
    with closing(sqlite3.connect(out)) as db:
        try:
            return Counter(host for (host,) in db.execute(f"SELECT host FROM grabs WHERE {where}"))
        except sqlite3.OperationalError:
            return Counter()


def journal_of(out: Path) -> Path:
    return Path(journal.path_of(str(out)))


def everybody(number: int) -> Counter[str]:
    return Counter(f"127.0.1.{n}" for n in range(number))


def interrupted(few: Few, out: Path, network: str) -> None:
    with started("scan", network, "--rate", "100", *UNHURRIED, "-o", str(out)) as process:
        wait_for(lambda: out.exists() and sum(hosts(out).values()) > 5)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    few.greet_all()
    assert journal_of(out).exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_scan_killed_at_any_moment_visits_every_target_once(port: int, out: Path, workers: str) -> None:
    chance = random.Random(5)
    arguments = ["scan", f"127.0.1.0/24:{port}", "-o", str(out), "--rate", "400", "--mode", "listen"]
    for kill in range(5):
        with started(*arguments, "--workers", workers, *(["--resume"] if kill else [])) as process:
            wait_for(lambda: process.poll() is not None or journal_of(out).exists())
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
    done = run("scan", "--resume", "-o", str(out), "--workers", workers)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert hosts(out) == everybody(256)
    assert hosts(out, f"banner = '{SSH.decode()}'") == everybody(256)
    assert [path.name for path in out.parent.iterdir()] == ["out.sqlite"]


def test_a_full_disk_costs_nothing_once_there_is_room(port: int, out: Path) -> None:
    # The kernel refuses to let files grow beyond a limit as it does on a full disk.
    done = run("scan", f"127.0.1.0/24:{port}", "-o", str(out), "--rate", "300", preexec=_little_room)
    assert done.returncode == 3
    assert b"cannot write" in done.stderr
    assert sum(hosts(out).values()) < 256
    done = run("scan", "--resume", "-o", str(out))
    assert (done.returncode, done.stderr) == (0, b"")
    assert hosts(out) == everybody(256)


def _little_room() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))


def test_what_does_not_fit_is_refused_and_nothing_changed(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/24:{few.port}")
    whole, kept = out.read_bytes(), journal_of(out).read_bytes()

    def refused(reason: str) -> None:
        before = out.read_bytes()
        done = run("scan", "-o", str(out), "--resume")
        assert done.returncode == 2
        assert reason in done.stderr.decode()
        assert (out.read_bytes(), journal_of(out).read_bytes()) == (before, kept)
        out.write_bytes(whole)

    def changed(*statements: str) -> None:
        with closing(sqlite3.connect(out)) as db, db:
            for statement in statements:
                db.execute(statement)

    changed("DELETE FROM grabs WHERE id > 2")
    refused("rows shorter")
    changed("UPDATE grabs SET host = '127.0.2.1'")
    refused("is not the output")
    changed("INSERT INTO grabs (host, port) VALUES ('127.0.2.1', 1)")
    refused("a record of no target")
    changed("PRAGMA application_id = 0")
    refused("not a database of grabs")
    out.write_bytes(b"hosts\n" * 1000)
    refused("not a database")
    assert run("scan", "-o", str(out), "--resume").returncode == 0
    assert hosts(out) == everybody(256)


def test_a_scan_that_had_not_begun_to_write(few: Few, out: Path) -> None:
    interrupted(few, out, f"127.0.1.0/25:{few.port}")
    heading, _ = journal.read(str(journal_of(out)))
    for made in (b"", _about_to_be_made(out.with_name("other.sqlite"))):
        out.write_bytes(made)
        kept = KeptRows(str(out))
        begun = journal.Journal(str(journal_of(out)), heading, kept)
        begun.begin(journal.checkpoint(0, Ledger()))
        begun.close()
        kept.close()
        if made:  # and the first checkpoint was torn
            journal_of(out).write_bytes(journal_of(out).read_bytes()[:-9])
        assert run("scan", "-o", str(out), "--resume").returncode == 0
        assert hosts(out) == everybody(128)


def _about_to_be_made(path: Path) -> bytes:
    """A database in which there is no table yet."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
    return path.read_bytes()


def test_two_scans_do_not_write_one_database(few: Few, out: Path) -> None:
    arguments = ["scan", f"127.0.1.0/24:{few.port}", *UNHURRIED, "-o", str(out)]
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and sum(hosts(out).values()) > 0)
        for way in ("--resume", "--force"):
            done = run(*arguments, way)
            assert done.returncode == 2
            assert b"another scan" in done.stderr
        assert process.poll() is None
        process.kill()
    few.greet_all()
    done = run("scan", f"127.0.1.0/28:{few.port}", "-o", str(out), "--force")
    assert (done.returncode, done.stderr) == (0, b"")
    assert hosts(out) == everybody(16)
