"""What a worker of Dask does with its shards, without Dask: one sweep for all of a scan, ended when the scan is."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import pickle
import sys
import threading
from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from banner import Target, testing
from banner.fleet import sweeper
from banner.fleet.shards import Found, OtherVersionError, Shard, check, encoded
from banner.fleet.slices import Share
from banner.fleet.sweeper import dismiss, progress, visit, wind_up
from banner.formats.record import decode
from banner.models import Mode, Settings, __version__
from tests.command import PATIENCE, Servers, wait_for

SHARE = Share(1, 100, None, None, None)
SLOW = Share(1, 100, 5.0, None, None)
SETTINGS = pickle.dumps(Settings(mode=Mode.LISTEN))
seceded = threading.Event()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"+OK\r\n", host="0.0.0.0")).port


@pytest.fixture
def scan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A name for a scan, whose sweeper is gone afterwards."""
    seceded.clear()
    monkeypatch.setattr(sweeper, "_secede", seceded.set)
    yield request.node.name
    dismiss(request.node.name)
    wait_for(lambda: not any(thread.name == "banner" for thread in threading.enumerate()))


def targets(port: int, count: int) -> list[Target]:
    return [Target(f"127.0.{n >> 8}.{n & 255}", port) for n in range(count)]


def visited(
    scan: str, of: Sequence[Target], share: Share = SHARE, settings: bytes | None = SETTINGS
) -> Found:
    return visit(encoded(Shard(scan, share, settings, list(of))))


def test_a_shard_comes_back_as_lines(scan: str, port: int) -> None:
    found = visited(scan, targets(port, 300))
    grabs = list(map(decode, found.lines.splitlines()))
    assert {grab.host for grab in grabs} == {target.host for target in targets(port, 300)}
    assert (len(grabs), found.statuses, found.partly, found.unknown) == (300, {"banner": 300}, None, False)
    assert found.started > 0
    assert seceded.is_set()
    assert progress(scan) == 300


def test_what_is_found_travels_with_its_lines_apart() -> None:
    found = Found(b"line\n" * 1000, {"banner": 1000}, 1.5, 0.5, b"12345678")
    buffers: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(found, protocol=5, buffer_callback=buffers.append)
    assert (len(rest) < 500, [buffer.raw().nbytes for buffer in buffers]) == (True, [5000])
    for came in (
        pickle.loads(rest, buffers=[bytearray(found.lines)]),
        pickle.loads(pickle.dumps(found, protocol=4)),
    ):
        assert (bytes(came.lines), came.statuses, came.partly) == (
            found.lines,
            found.statuses,
            found.partly,
        )
        assert (came.started, came.lagged, came.unknown) == (1.5, 0.5, False)
    assert sys.getsizeof(found) > 5000


def test_garbage_is_collected_as_ever_when_nobody_visits(scan: str, port: int) -> None:
    before = gc.get_threshold()
    visited(scan, targets(port, 1))
    assert gc.get_threshold() == sweeper.LAZY != before
    dismiss(scan)
    assert gc.get_threshold() == before


def test_settings_are_kept_for_the_scan_alone(scan: str, port: int) -> None:
    assert visited(scan, targets(port, 1), settings=None).unknown
    assert not visited(scan, targets(port, 1)).unknown
    assert visited(scan, targets(port, 3), settings=None).statuses == {"banner": 3}
    assert visited(scan + "!", targets(port, 1), settings=None).unknown
    dismiss(scan)
    assert visited(scan, targets(port, 1), settings=None).unknown


def test_shards_with_equal_targets_share_a_sweep_and_lose_none(scan: str, port: int) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: visited(scan, targets(port, 200) * 2), range(6)))
        assert sum(thread.name == "banner" for thread in threading.enumerate()) == 1
    for one in found:
        assert one.statuses == {"banner": 400}
        assert len(one.lines.splitlines()) == 400


def test_winding_up_gives_back_what_is_done(scan: str, port: int) -> None:
    asked = targets(port, 50)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(visited, scan, asked, SLOW)
        assert seceded.wait(PATIENCE)
        wind_up(scan)
        found = coming.result(PATIENCE)
    assert found.partly is not None
    places = array("Q", found.partly)
    hosts = [decode(line).host for line in found.lines.splitlines()]
    assert [asked[place].host for place in places] == hosts
    assert len(hosts) < 50
    assert visited(scan, asked, SLOW) == Found(partly=b"")  # what comes too late is not begun


def test_dismissal_ends_shards_at_once(scan: str, port: int) -> None:
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(visited, scan, targets(port, 50), SLOW)
        assert seceded.wait(PATIENCE)
        dismiss(scan)
        with pytest.raises(RuntimeError, match="the scan has ended"):
            coming.result(PATIENCE)


def test_a_sweeper_without_shards_ends(scan: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "IDLE", 0.01)
    assert visited(scan, targets(port, 2)).statuses == {"banner": 2}
    wait_for(lambda: not any(thread.name == "banner" for thread in threading.enumerate()))
    assert visited(scan, targets(port, 2)).statuses == {"banner": 2}


def test_another_version_is_refused() -> None:
    with pytest.raises(OtherVersionError, match="the scan is of banner 99"):
        check("99")
    assert check(__version__)


def test_settings_that_cannot_be_used_fail_the_shard(scan: str, port: int) -> None:
    broken = pickle.dumps(Settings(probes=("nonsense",)))
    with pytest.raises(RuntimeError, match="nonsense"):
        visited(scan, targets(port, 1), settings=broken)


def test_where_no_loop_is_to_be_had_the_shard_fails_and_the_next_is_visited(
    scan: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan deals it to another worker, then."""

    def none_left() -> asyncio.AbstractEventLoop:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patched:
        patched.setattr(sweeper, "_loop_factory", lambda: none_left)
        with pytest.raises(OSError, match="Too many open files"):
            visited(scan, targets(port, 3))
    assert progress(scan) == 0
    assert len(visited(scan, targets(port, 3)).lines.splitlines()) == 3


def test_where_no_thread_is_to_be_had_the_shard_fails_and_the_next_is_visited(
    scan: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_left)
        with pytest.raises(RuntimeError, match="can't start"):
            visited(scan, targets(port, 3))
    assert len(visited(scan, targets(port, 3)).lines.splitlines()) == 3
