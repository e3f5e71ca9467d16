"""`banner.scan` for programs: kept in a file, gone on with, by several processes, with its progress."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentTypeError
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import banner
from banner import Grab, Mode, Probe, Service, Settings, Status, Target, Timeouts, Want, Wire, testing
from banner.cli.options import values
from banner.fleet.slices import MOST_WORKERS
from banner.formats.files import OutputError
from banner.journal.scan_output import KeptOutput
from banner.plan.hellos import MUTE
from banner.plan.planner import planner
from banner.plan.steps import Listen

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share sockets")
PLACES = ("127.0.0.0/26",)


async def scanned(results: banner.Scan, most: int | None = None) -> list[Grab]:
    found: list[Grab] = []
    async with results:
        async for grab in results:
            found.append(grab)
            if len(found) == most:
                break
    return found


def hosts(grabs: Iterator[Grab] | list[Grab]) -> list[str]:
    return sorted(grab.host for grab in grabs)


def given(port: int, many: int = 64) -> Iterator[Target]:
    return (Target(f"127.0.0.{n}", port) for n in range(many))


async def arriving(port: int) -> AsyncIterator[Target]:
    for target in given(port):
        yield target


@pytest.mark.parametrize("name", ["scan.jsonl", "scan.sqlite"])
@pytest.mark.parametrize("kind", ["named", "list", "generator", "async"])
async def test_a_kept_scan_goes_on_where_it_ended(name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / name
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        port = server.port
        make: Callable[[], Any] = {
            "named": lambda: banner.targets(*PLACES, ports=port, seed=7),
            "list": lambda: list(given(port)),
            "generator": lambda: given(port),
            "async": lambda: arriving(port),
        }[kind]
        first = await scanned(banner.scan(make(), concurrency=4, keep=path, mode="listen"), 10)
        kept = list(banner.read(path))
        assert {*hosts(first)} <= {*hosts(kept)}, "what was given out is kept"
        assert len(kept) < 64
        results = banner.scan(make(), keep=str(path), mode="listen")
        rest = await scanned(results)
        progress = results.progress()
        assert progress.done_before == len(kept)
        assert progress.done == len(rest) == 64 - len(kept)
        assert hosts(list(banner.read(path))) == sorted(f"127.0.0.{n}" for n in range(64))
        results = banner.scan(make(), keep=path, mode="listen")
        async with results:
            progress = results.progress()
            assert (progress.done_before, progress.done, progress.left) == (64, 0, 0), "nothing is left"
            assert [grab async for grab in results] == []
        assert results.progress() == progress
    assert os.listdir(tmp_path) == [name]


async def test_a_kept_scan_is_stopped_and_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    async with testing.silent(host="0.0.0.0") as server:
        results = banner.scan(given(server.port), keep=path, mode="listen", concurrency=8)
        async with results:
            waiting = asyncio.ensure_future(anext(aiter(results)))
            while results.in_flight() < 8:
                await asyncio.sleep(0)
            waiting.cancel()
        assert list(banner.read(path)) == []
        async with banner.scan(
            given(server.port), keep=path, mode="listen", concurrency=8, timeouts=Timeouts(read=0.05)
        ) as results:
            results.stop()
            assert [grab async for grab in results] == []
        assert path.with_name("scan.jsonl.journal").exists(), "it is not complete"


async def test_a_few_targets_are_dealt_to_every_worker() -> None:
    async with testing.silent(host="0.0.0.0") as server:
        few = banner.targets("127.0.0.0/25", ports=server.port)
        async with banner.scan(few, mode="listen", concurrency=128, workers=2) as results:
            waiting = asyncio.ensure_future(anext(aiter(results)))
            while results.in_flight() == 0:
                await asyncio.sleep(0)
            assert results.in_flight() == 128, "half of them each"
            waiting.cancel()


async def test_what_is_another_scan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        few = banner.targets("127.0.0.0/28", ports=server.port)
        await scanned(banner.scan(few, keep=path, concurrency=2), 1)
        before = path.read_bytes()
        others: tuple[Callable[[], banner.Scan], ...] = (
            lambda: banner.scan(few, keep=path, limit=2),
            lambda: banner.scan(banner.targets("127.0.1.0/28", ports=server.port), keep=path),
            lambda: banner.scan(list(few), keep=path),
        )
        for other in others:
            with pytest.raises(ValueError, match="began with"):
                await scanned(other())
        with pytest.raises(FileExistsError):
            await scanned(banner.scan(few, keep=path, resume=False))
        async with banner.scan(few, keep=path):
            with pytest.raises(OSError, match="another scan"):
                await scanned(banner.scan(few, keep=path))
        assert path.read_bytes().startswith(before)
    with pytest.raises(ValueError, match="kept in a file of JSON lines"):
        banner.scan(few, keep=tmp_path / "scan.csv")


async def test_a_full_disk_ends_the_scan_with_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan.jsonl"

    def full(self: object, grabs: object) -> None:
        raise OutputError("cannot write: no space")

    monkeypatch.setattr(KeptOutput, "write", full)
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        with pytest.raises(OSError, match="no space"):
            await scanned(banner.scan(given(server.port), keep=path))
        monkeypatch.undo()
        assert len(await scanned(banner.scan(given(server.port), keep=path))) == 64


@forks
@pytest.mark.parametrize("keep", [False, True])
async def test_several_processes_share_a_scan(keep: bool, tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    async with testing.greeter(b"SSH-2.0-x\r\n", host="0.0.0.0") as server:
        targets = banner.targets("127.0.0.0/24", ports=server.port)
        results = banner.scan(targets, workers=2, keep=path if keep else None, mode="listen")
        found = await scanned(results)
        assert hosts(found) == hosts(list(map(_grab_of, targets)))
        assert {(grab.banner, grab.service and grab.service.name) for grab in found} == {
            (b"SSH-2.0-x\r\n", "ssh")
        }
        assert results.progress().done == 256
        assert server.connections == 256
        if keep:
            assert hosts(list(banner.read(path))) == hosts(found)
            assert await scanned(banner.scan(targets, workers=2, keep=path, mode="listen")) == []


def _grab_of(target: Target) -> Grab:
    return Grab(0.0, target.host, target.port, Status.BANNER)


@forks
async def test_a_reader_may_leave_several_processes(tmp_path: Path) -> None:
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        targets = banner.targets("127.0.0.0/22", ports=server.port)
        found = await scanned(banner.scan(targets, workers=2, keep=tmp_path / "scan.jsonl", mode="listen"), 5)
        assert len(found) == 5
        rest = await scanned(banner.scan(targets, workers=2, keep=tmp_path / "scan.jsonl", mode="listen"))
    assert 0 < len(rest) < 1024
    assert hosts(list(banner.read(tmp_path / "scan.jsonl"))) == hosts(list(map(_grab_of, targets)))


@forks
async def test_what_several_processes_cannot_share_is_refused() -> None:
    async with banner.Resolver() as resolver:
        with pytest.raises(ValueError, match="of their own"):
            banner.scan([], workers=2, resolver=resolver)
    for workers in (0, True, 1.5):
        with pytest.raises((ValueError, TypeError)):
            banner.scan([], workers=workers)  # type: ignore[arg-type]


# -- which dialogues -------------------------------------------------------------------------------


def count(wire: Wire) -> Generator[Want, None, Service | None]:
    """A protocol of nobody: it asks, and is told a number."""
    wire.send(b"HOW MANY?\n")
    answer = yield from wire.line()
    if not answer.startswith(b"THERE ARE "):
        return None
    wire.details["count"] = int(answer.split()[-1])
    return Service("count", product="Counter")


COUNT = Probe("count", talk=count)


async def counter(connection: testing.Connection) -> None:
    heard = await connection.read()
    await connection.write(b"THERE ARE 7\n" if heard == b"HOW MANY?\n" else b"WHAT?\n")


async def both(port: int, **how: Any) -> list[Grab]:
    """By `banner.grab`, and by `banner.scan` with both drivers."""
    found = [await banner.grab("127.0.0.1", port, **how)]
    for driver in ("sweep", "streams"):
        found += await scanned(banner.scan([Target("127.0.0.1", port)], driver=driver, **how))
    return found


@pytest.mark.parametrize(
    "how",
    [
        {"probes": [COUNT]},
        {"own": [COUNT], "probes": ["count"]},
        {"own": (replace(COUNT, ports=tuple(range(1024, 32768))),)},
        {"settings": Settings(own=(COUNT,), probes=("count",))},
    ],
)
async def test_a_dialogue_of_ones_own_is_held(how: dict[str, Any]) -> None:
    async with testing.serve(counter) as server:
        for grab in await both(server.port, **how):
            assert (grab.probe, grab.details) == ("count", {"count": 7})
            assert grab.service is not None
            assert (grab.service.product, grab.service.rule) == ("Counter", "probe/count")
            assert grab.said == ("count",)


async def test_dialogues_are_chosen_and_left_out() -> None:
    async with testing.silent() as server:
        short = Timeouts(read=0.2)
        for grab in await both(server.port, probes=["redis"], timeouts=short):
            assert grab.said == ("redis",)
        for grab in await both(server.port, without=["tls", "http"], timeouts=short):
            assert not {"tls", "http"} & {*grab.said}


@pytest.mark.parametrize("port", sorted(MUTE))
def test_a_dialogue_of_ones_own_says_nothing_where_bytes_do_harm(port: int) -> None:
    """Whatever it says of itself, and in whatever mode it is named."""
    own = replace(COUNT, ports=(port,), tls_ports=(port,), holds_back=True)
    for mode in Mode:
        for named in ((), ("count",), ("count", "http"), ("count", "tls")):
            for probe in (own, replace(own, greets=True), replace(own, starttls=True)):
                plans = planner(
                    Settings(mode=mode, own=(probe,), probes=named if mode is not Mode.LISTEN else ())
                )
                assert plans.mute(port)
                assert [type(step) for step in plans.plan(port)] == [Listen]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"probes": "ssh"}, TypeError),
        ({"probes": COUNT}, TypeError),
        ({"probes": [7]}, TypeError),
        ({"probes": ["nonsense"]}, ValueError),
        ({"without": ["nonsense"]}, ValueError),
        ({"probes": ["ssh"], "without": ["ssh"]}, ValueError),
        ({"probes": ["ssh"], "mode": "listen"}, ValueError),
        ({"own": ["ssh"]}, TypeError),
        ({"own": [replace(COUNT, name="http")]}, ValueError),
        ({"own": [replace(COUNT, name="tls")]}, ValueError),
        ({"own": [replace(COUNT, name="A B")]}, ValueError),
        ({"own": [replace(COUNT, ports=(0,))]}, ValueError),
        ({"own": [replace(COUNT, talk=None)]}, TypeError),
        ({"own": [COUNT, replace(COUNT, ports=(1,))]}, ValueError),
        ({"settings": Settings(), "mode": "listen"}, TypeError),
        ({"settings": "full"}, TypeError),
    ],
)
async def test_mistakes_are_told_by_both(how: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        await banner.grab("127.0.0.1", 1, **how)
    with pytest.raises(error):
        banner.scan([], **how)


def test_no_more_processes_are_started_than_a_machine_bears() -> None:
    with pytest.raises(ValueError, match=f"from 1 to {MOST_WORKERS}"):
        banner.scan([], workers=MOST_WORKERS + 1)
    assert values.workers(str(MOST_WORKERS)) == MOST_WORKERS
    with pytest.raises(ArgumentTypeError, match=str(MOST_WORKERS + 1)):
        values.workers(str(MOST_WORKERS + 1))
