"""What contradicts itself, would cost a file, or comes to nothing is told, with the same exit status everywhere."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from banner import testing
from banner.journal import journal
from banner.text.files import unfinished
from tests.command import Servers, run, started, wait_for


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"220 hello\r\n", host="0.0.0.0")).port


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("-o", "x.jsonl", "--resume", "--force"), b"--force"),
        (("--seed", "7", "--order", "given"), b"--order given"),
        (("--mode", "listen", "--probe", "ssh"), b"--mode listen"),
        (("--probe", "tls", "--no-probe", "tls"), b"--no-probe tls"),
    ],
)
def test_options_that_contradict_each_other(options: tuple[str, ...], named: bytes) -> None:
    done = run("scan", "127.0.0.1:9", *options)
    assert done.returncode == 2
    assert named in done.stderr


@pytest.mark.parametrize("option", ["-i", "--exclude-file", "--rules"])
@pytest.mark.parametrize("output", ["precious", "link", "precious.jsonl"])
def test_no_file_that_is_read_is_overwritten(port: int, tmp_path: Path, option: str, output: str) -> None:
    """Neither by its name, nor by a link, nor by the journal that lies beside an output."""
    read = tmp_path / ("precious.jsonl.journal" if output == "precious.jsonl" else "precious")
    content = b"<fingerprints/>\n" if option == "--rules" else b"127.9.9.9\n"
    read.write_bytes(content)
    (tmp_path / "link").symlink_to(read)
    done = run(
        "scan", f"127.0.0.1:{port}", "-p", "22", option, str(read), "--force", "-o", str(tmp_path / output)
    )
    assert done.returncode == 2
    assert b"name another file" in done.stderr
    assert read.read_bytes() == content


@pytest.mark.parametrize("name", ["x", "x.csv", "x.sqlite", "x.parquet", "x.jsonl.gz"])
@pytest.mark.parametrize("place", ["missing/{}", "folder/{}"])
def test_what_cannot_be_opened_for_writing_is_status_2(tmp_path: Path, name: str, place: str) -> None:
    (tmp_path / "folder" / name).mkdir(parents=True)
    done = run("scan", "127.0.0.1:9", "--force", "-o", str(tmp_path / place.format(name)))
    assert done.returncode == 2, done.stderr
    assert b"cannot" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("piped", [False, True])
def test_no_targets_at_all_is_told(tmp_path: Path, piped: bool) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"# nobody\n")
    done = run("scan", "-p", "22", "-i", "-" if piped else str(empty), stdin=b"# nobody\n")
    assert done.returncode == 0
    assert b"no targets" in done.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.sqlite"])
def test_a_deleted_journal_is_no_complete_scan(port: int, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    beside = Path(journal.path_of(str(out)))
    with started("scan", f"127.0.1.0/24:{port}", "--rate", "50", "-o", str(out)) as process:
        wait_for(lambda: beside.exists() and out.exists() and out.stat().st_size > 100)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    if not unfinished(str(out)):
        pytest.skip("this file system has no extended attributes")
    beside.unlink()
    before = out.read_bytes()
    done = run("scan", "--resume", "-o", str(out))
    assert done.returncode == 2
    assert b"is gone" in done.stderr
    assert out.read_bytes() == before
    anew = run("scan", f"127.0.1.0/30:{port}", "--force", "-o", str(out))
    assert anew.returncode == 0, anew.stderr
    assert run("scan", "--resume", "-o", str(out)).returncode == 0


def test_nothing_that_could_be_resumed(tmp_path: Path) -> None:
    done = run("scan", "--resume", "-o", str(tmp_path / "out.jsonl"))
    assert done.returncode == 2
    assert b"nothing to resume" in done.stderr
    assert os.listdir(tmp_path) == []


def begun(out: Path) -> bool:
    return out.exists() and out.read_bytes().count(b"\n") > 3


def test_what_differs_is_said_as_it_would_be_given(port: int, tmp_path: Path) -> None:
    piped = b"\n".join(b"127.0.1.%d:%d" % (n, port) for n in range(1, 200))
    for given, fed in (([f"127.0.1.0/24:{port}"], b""), (["-i", "-"], piped)):
        out = tmp_path / f"{len(fed)}.jsonl"
        reader, writer = os.pipe()
        with open(reader, "rb"):
            with open(writer, "wb") as file:
                file.write(fed)
            with started("scan", *given, "--rate", "50", "-o", str(out), stdin=reader) as process:
                wait_for(partial(begun, out))
                process.send_signal(signal.SIGINT)
                assert process.wait(20) == 130
        resume = ("scan", "--resume", "-o", str(out))
        done = run(*resume, "-p", "80")
        assert b"--ports '80', which it had not" in done.stderr
        assert b"None" not in done.stderr
    done = run(*resume, stdin=piped[:40])
    assert done.returncode == 2
    assert b"pipe the same" in done.stderr
