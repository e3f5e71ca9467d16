"""Metrics as Prometheus gets them: scraped while a scan runs, or from a file, read with its own parser."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from banner import testing
from banner.cli.commands.metrics import Metrics
from banner.cli.commands.progress import Display
from banner.formats.record import decode, encode
from banner.models import Grab
from tests.command import ENVIRONMENT, PATIENCE, Servers, run, started, wait_for
from tests.gate import Gate
from tests.grabs import grabs

GREETING = "220 grüß Gott\r\n".encode()
LISTEN = ("--mode", "listen", "--read-timeout", "60")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(GREETING, host="0.0.0.0")).port


def values(text: str) -> dict[str, float]:
    """Every sample under its name and labels."""
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(url: str) -> dict[str, float]:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return values(answer.read().decode())


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_running_scan_is_scraped(port: int, tmp_path: Path, workers: str) -> None:
    targets = ["-i", "-", "--workers", workers, *LISTEN, "--metrics", "0", "-o", str(tmp_path / "out.jsonl")]
    with Gate() as gate, started("scan", *targets, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        lines = [*(f"127.0.1.{last}:{port}" for last in range(40)), gate.target, "nonsense"]
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        process.stdin.flush()
        told = process.stderr.readline().decode()
        while "nonsense" in told:
            told = process.stderr.readline().decode()
        url = told.split()[-1]
        assert url.startswith("http://127.0.0.1:")
        now: dict[str, float] = {}

        def settled() -> bool:
            now.update(scraped(url))
            return (
                now["banner_targets_done_total{status=banner}"] == 40 and now["banner_bad_lines_total"] == 1
            )

        wait_for(settled)
        assert now["banner_targets_done_total{status=closed}"] == 0
        assert now["banner_targets_in_flight"] == 1
        assert now["banner_received_bytes_total"] == 40 * len(GREETING)
        assert now["banner_target_seconds_count"] == now["banner_target_seconds_bucket{le=+Inf}"] == 40
        assert now["banner_target_seconds_sum"] > 0
        assert now["banner_targets_per_second"] >= 0
        assert now["banner_start_time_seconds"] > 1.7e9
        assert now["banner_ended"] == now["banner_errors_total"] == 0
        assert "banner_targets" not in now  # a pipe does not tell
        with pytest.raises(ConnectionRefusedError):  # nobody else is served
            socket.create_connection(("127.0.0.2", int(url.split(":")[2].split("/")[0])), PATIENCE).close()
        gate.open()
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 2


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_file_tells_of_the_whole_scan(port: int, tmp_path: Path, workers: str) -> None:
    out, file = tmp_path / "out.jsonl", tmp_path / "scan.prom"
    done = run("scan", f"127.0.1.0/26:{port}", "-o", str(out), "--metrics", str(file), "--workers", workers)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    now = values(file.read_text())
    assert now["banner_targets"] == now["banner_targets_done_total{status=banner}"] == 64
    assert now["banner_targets_in_flight"] == 0
    assert now["banner_ended"] == 1
    spent = [decode(line).timings.total or 0 for line in out.read_bytes().splitlines()]
    assert now["banner_target_seconds_sum"] == pytest.approx(sum(spent), abs=64e-6)  # the record is rounded
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "scan.prom"]


def test_the_file_of_an_interrupted_scan_says_so(tmp_path: Path) -> None:
    file = tmp_path / "scan.prom"
    with Gate() as gate, started("scan", gate.target, *LISTEN, "--metrics", str(file)) as process:
        wait_for(file.exists)
        assert values(file.read_text())["banner_ended"] == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 130
    assert values(file.read_text())["banner_ended"] == 1


def test_where_metrics_cannot_be_is_told_before_anything_is_sent(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for place, reason in [
            ("70000", "no such port"),
            (str(taken.getsockname()[1]), "Address already in use"),
            ("/proc/missing/scan.prom", "No such file"),
        ]:
            done = run("scan", f"127.0.1.1:{port}", "--metrics", place)
            assert (done.returncode, done.stdout) == (2, b"")
            assert reason in done.stderr.decode().splitlines()[-1]


def test_a_missing_extra_is_told() -> None:
    code = "import sys; sys.modules['prometheus_client'] = None; from banner.cli.main import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "scan", "127.0.0.1:9", "--metrics", "0"],
        capture_output=True,
        env=ENVIRONMENT,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert b"pip install 'aiobanner[metrics]'" in done.stderr


class NothingKnown:
    total = expected = None
    note = ""


@given(st.lists(grabs))
def test_lines_of_workers_count_as_records_do(found: list[Grab]) -> None:
    lines = b"".join(map(encode, found))
    told = []
    for number in range(2):
        metrics = Metrics("0")
        Display(NothingKnown(), metrics, None, quiet=True)
        if number:
            metrics.count_lines(lines)
        else:
            metrics.count(list(map(decode, lines.splitlines())))
        samples = [sample for metric in metrics.collect() for sample in metric.samples]
        told.append([one for one in samples if "time" not in one.name and "per_second" not in one.name])
    assert told[0] == told[1]


def test_the_rate_is_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("banner.cli.commands.metrics.time.monotonic", lambda: now)
    metrics = Metrics("0")
    display = Display(NothingKnown(), metrics, None, quiet=True)

    def rate() -> float:
        return next(m.samples[0].value for m in metrics.collect() if m.name == "banner_targets_per_second")

    assert rate() == 0
    for second in range(1, 31):
        now = 1000.0 + second
        display.tally({"banner": 100 if second <= 20 else 7})
        metrics.count([])
        assert rate() == (100 if second <= 20 else pytest.approx(100 - 9.3 * (second - 20)))
    now += 60
    assert rate() == 0  # whatever it was before


def test_the_documentation_names_every_metric() -> None:
    metrics = Metrics("0")
    Display(NothingKnown(), metrics, None, quiet=True)
    text = (Path(__file__).parents[2] / "docs/scale.md").read_text()
    for metric in metrics.collect():
        name = metric.name + {"counter": "_total", "info": "_info"}.get(metric.type, "")
        assert f"`{name}" in text, name
