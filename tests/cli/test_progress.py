"""How a scan stands, in words: what matters most is cut last, and the time left knows of the last peers."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from banner import testing
from banner.cli.commands import progress
from banner.cli.commands.live import MOST, Services
from banner.cli.commands.log import Log
from banner.cli.commands.metrics import Metrics
from banner.cli.commands.progress import Display
from banner.cli.commands.summary import duration, fitted
from banner.models import Grab, Service, Status
from banner.sweep.results import Block, as_row
from banner.text.width import clip
from tests.command import Servers, Terminal, run, started, without_summary


class Extent:
    """So much there is to do."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.expected = total
        self.note = ""


def display(total: int | None, in_flight: int = 0, **options: Any) -> Display:
    """One that nobody looks at; it began at second 0."""
    metrics = Metrics(None)
    metrics.in_flight = lambda: in_flight
    shown = Display(Extent(total), metrics, None, quiet=False, longest=20.0, **options)
    shown._began = 0.0
    return shown


def text(shown: Display, now: float, width: int = 1000) -> str:
    return fitted(shown.parts(now), width)


def test_a_scan_under_way() -> None:
    under_way = display(100_000, in_flight=1000)
    under_way.tally({"banner": 24, "refused": 9_000, "silent": 976})
    assert text(under_way, 50.0) == (
        "10,000/100,000 (10%)  7 min 25 s left  24 banner  200/s  1,000 in flight  9,000 refused, 976 silent"
    )
    assert text(under_way, 50.0, 79) == (
        "10,000/100,000 (10%)  7 min 25 s left  24 banner  200/s  1,000 in flight"
    )
    assert text(under_way, 50.0, 40) == "10,000/100,000 (10%)  7 min 25 s left"
    assert text(under_way, 50.0, 10) == "10,000/10…"
    assert text(display(None), 0.5) == "0  0/s"


def test_the_time_left_knows_of_the_last_peers() -> None:
    last = display(100, in_flight=2)
    last.tally({"banner": 98})
    assert text(last, 30.0) == "98/100 (98%)  waiting for 2 peers, up to 20 s  98 banner  3/s"
    assert "waiting for 2 silent peers, up to 8 s" in text(last, 42.0)
    assert re.search(r"waiting for 2 silent peers  ", text(last, 60.0))
    last.tally({"silent": 1})
    last.metrics.in_flight = lambda: 1
    assert "waiting for 1 silent peer" in text(last, 60.0)


def test_what_does_not_fit_is_left_out_and_the_first_is_cut() -> None:
    assert fitted(["ab", "cdef", "g"], 5) == "ab  g"
    assert fitted(["ab", "", "cd"], 6) == "ab  cd"
    assert fitted(["漢字漢字", "x"], 5) == clip("漢字漢字", 5)
    assert [duration(seconds) for seconds in (3.21, 250, 7500)] == ["3.2 s", "4 min 10 s", "2 h 5 min"]


async def test_a_line_a_minute_where_nobody_looks_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "MINUTE", 0.001)
    path = tmp_path / "scan.log"
    for quiet in (False, True):
        path.write_text("before\n")
        with Log(str(path)) as log:
            async with Display(Extent(10), Metrics(None), None, quiet=quiet, log=log) as shown:
                shown.tally({"banner": 4})
                while path.read_text().count("4/10") < 3:
                    await asyncio.sleep(0.001)
                shown.complain("something is wrong")
                logging.getLogger("banner").warning("a bug\nwith its traceback")
        told = capsys.readouterr().err.splitlines()
        assert "banner: something is wrong" in told
        assert any(line.startswith("banner: 4/10 (40%)") for line in told) is not quiet
        assert any(line.startswith("banner: 4 targets in") for line in told) is not quiet
        kept = path.read_text().splitlines()
        assert kept[0] == "before"
        assert all(
            re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z ", line) for line in kept[1:] if "traceback" not in line
        )
        assert any(line.endswith("Z something is wrong") for line in kept)
        assert "with its traceback" in kept
        assert re.search(r"Z 4 targets in .*: 4 banner", kept[-1])
    logging.getLogger("banner").warning("nobody hears that")
    assert "nobody" not in path.read_text()


def grab(name: str, product: str | None = None) -> Grab:
    return Grab(1.0, "192.0.2.1", 22, Status.BANNER, service=Service(name, product=product))


def test_the_table_of_services() -> None:
    services = Services()
    assert services.lines(80, 10) == []
    services.count([grab("ssh", "OpenSSH"), grab("ssh", "OpenSSH"), grab("http", "\x1b[2J"), grab("smtp")])
    services.count_block(Block.of([as_row(one) for one in [grab("ssh", "OpenSSH"), grab("smtp")]]))
    services.count([Grab(1.0, "192.0.2.1", 22, Status.REFUSED)])
    table = [
        "   count  service         product",
        "       3  ssh             OpenSSH",
        "       2  smtp",
        r"       1  http            \e[2J",
    ]
    assert services.lines(80, 10) == table
    assert services.lines(80, 3) == [*table[:2], "       3  2 others"]
    assert services.lines(80, 1) == []
    assert max(map(len, services.lines(20, 10))) == 20


def test_services_that_are_all_different_fill_no_memory() -> None:
    services = Services()
    services.count(grab("x", f"{number}") for number in range(MOST + 500))
    assert len(services._counts) == MOST + 1
    assert services._counts.total() == MOST + 500


@pytest.fixture(scope="module")
def some() -> Any:
    with Servers() as servers:
        greeter = lambda: testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n")  # noqa: E731
        serving = [servers.start(testing.silent), servers.start(testing.refuser), servers.start(greeter)]
        yield [f"{server.host}:{server.port}" for server in serving]


LISTENING = ("--mode", "listen", "--read-timeout", "1.5")


def test_a_live_table_stands_above_the_line(some: list[str], tmp_path: Path) -> None:
    for output in ([], ["-o", str(tmp_path / "out.jsonl")]):
        with Terminal("scan", *some, *LISTENING, "--live", *output, columns=80) as terminal:
            assert terminal.finish() == 0
        shown = terminal.shown.decode().replace("\r\n", "\n")
        last = re.split(r"\x1b\[J", shown)[-1].splitlines()
        assert last[:2] == ["   count  service         product", "       1  ssh             OpenSSH"]
        assert last[2].startswith("3 targets in")
        assert some[2] not in shown
        assert "\x1b[2A\x1b[J" in shown  # the table and the line are taken away as a whole


def test_records_on_the_terminal_are_not_garbled(some: list[str], tmp_path: Path) -> None:
    for name in ("out.jsonl", "out.csv"):
        output = ["-o", str(tmp_path / name), "-o", "-"]
        with Terminal("scan", *some, *LISTENING, *output, columns=2000) as terminal:
            assert terminal.finish() == 0
        lines = [line.rsplit("\x1b[2K", 1)[-1] for line in terminal.shown.decode().split("\r\n")]
        assert [line[:6] for line in lines if line.endswith("}")] == ['{"v":1'] * 3
        assert not [line for line in lines if "/3 (" in line]


def test_one_summary_off_a_terminal(some: list[str], tmp_path: Path) -> None:
    log = tmp_path / "scan.log"
    done = run("scan", *some, *LISTENING, "--log-file", str(log))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b": 1 banner, 1 refused, 1 silent" in done.summary
    assert done.summary.removeprefix(b"banner: ") in log.read_bytes()
    quiet = run("scan", *some, *LISTENING, "--log-file", str(log), "--quiet")
    assert (quiet.returncode, quiet.stderr, quiet.summary) == (0, b"", b"")
    assert log.read_bytes().count(b" 3 targets in ") == 2


@pytest.mark.parametrize("name", ["hosts", "out.jsonl"])
def test_the_log_overwrites_nothing_that_is_needed(some: list[str], name: str, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(some[1])
    out = str(tmp_path / "out.jsonl")
    done = run("scan", "-i", str(tmp_path / "hosts"), "-o", out, "--log-file", str(tmp_path / name))
    assert done.returncode == 2
    assert b"overwritten" in done.stderr
    assert (tmp_path / "hosts").read_text() == some[1]
    done = run("scan", *some, "--log-file", str(tmp_path / "missing" / "log"))
    assert (done.returncode, done.stdout) == (2, b"")


def test_who_interrupts_is_told_how_to_go_on(some: list[str], tmp_path: Path) -> None:
    out = tmp_path / "an out.jsonl"
    with started("scan", *some, "--mode", "listen", "--read-timeout", "60", "-o", str(out)) as process:
        while not out.exists() or out.read_bytes().count(b"\n") < 2:
            pass
        process.terminate()
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    told, summary = without_summary(stderr)
    assert summary.endswith(b" - interrupted\n")
    assert f"banner scan --resume -o '{out}' goes on".encode() in told
