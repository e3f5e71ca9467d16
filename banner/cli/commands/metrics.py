"""Prometheus's metrics of a scan under way, over HTTP or in a file for node_exporter's textfile collector.

They are made when they are asked for, from what the progress display counts, batch by batch; only bytes and durations
are counted here. The format and the server are prometheus-client's (extra ``metrics``).
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from ...models import Grab, Status, __version__
from ...text.patterns import lazily
from . import running

if TYPE_CHECKING:
    from prometheus_client.core import Metric

INTERVAL: Final = 5.0
"""Seconds between two writings of the file: Prometheus's usual interval of scraping is 15 s or more."""
WINDOW: Final = 10
"""Seconds over which the rate is measured."""
BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 7.5, 10.0, 20.0)
"""Upper bounds in seconds: from loopback to the deadline of a whole target; silence lies at 7, unanswered at 5."""
OURS: Final = (Status.LOCAL_ERROR, Status.FAULT)
"""What is not the network's doing."""

_PLACE: Final = lazily(r"(?:(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):)?(\d{1,5})")


class Extent(Protocol):
    """How much there is to do, as far as is known."""

    @property
    def expected(self) -> float | None: ...


class Counts(Protocol):
    """What the display has counted."""

    @property
    def statuses(self) -> Mapping[Status, int]: ...

    @property
    def done(self) -> int: ...

    @property
    def bad_lines(self) -> int: ...

    @property
    def extent(self) -> Extent: ...


class _Timings(msgspec.Struct):
    total: float | None = None


class _Seen(msgspec.Struct):
    """What of a record is counted."""

    banner: str = ""
    encoding: str = ""
    timings: _Timings | None = None


@lru_cache(1)
def _decoder() -> msgspec.json.Decoder[_Seen]:
    return msgspec.json.Decoder(_Seen)


class MetricsError(Exception):
    """The metrics can be neither served nor written there; the text says why, fit for a person."""


class Metrics:
    """An async context manager around a scan; without a `place` it does nothing."""

    def __init__(self, place: str | None) -> None:
        """`place` is a port, an address with a port, or a file. Raises `UsageError`."""
        self.wanted: bool = place is not None
        self.in_flight: Callable[[], int] = lambda: 0
        """How many targets are being visited; whoever visits them sets it."""
        self.counts: Counts
        """What is told of; set it before the block is entered."""
        self._bytes = 0
        self._seconds = 0.0
        self._durations = [0] * (len(BOUNDS) + 1)
        self._began = time.time()
        self._ended = False
        self._rates: deque[tuple[float, int]] = deque([(time.monotonic(), 0)], WINDOW + 2)
        self._writing: asyncio.Task[None] | None = None
        self._told = False
        if place is None:
            return
        try:
            import prometheus_client.core
        except ImportError:
            raise running.UsageError("--metrics needs the extra: pip install 'aiobanner[metrics]'") from None
        self._library = prometheus_client
        self._registry = prometheus_client.CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        self._server = _PLACE.fullmatch(place)
        self._path = place
        if self._server and int(self._server[3]) > 65535:
            raise running.UsageError(f"--metrics {place}: there is no such port")

    async def __aenter__(self) -> Metrics:
        """Serve or write. Raises `MetricsError` where that cannot be."""
        try:
            if self.wanted and self._server:
                self._serve(self._server[1] or self._server[2] or "127.0.0.1", int(self._server[3]))
            elif self.wanted:
                self._library.write_to_textfile(self._path, self._registry)
                self._writing = asyncio.get_running_loop().create_task(self._write_on())
        except OSError as error:
            raise MetricsError(f"--metrics {self._path}: {error.strerror}") from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
            self._write()

    def _serve(self, address: str, port: int) -> None:
        # The thread is a daemon: it ends with the process, and nobody waits for it.
        server, _ = self._library.start_http_server(port, address, self._registry)
        if port == 0:
            running.complain(f"metrics are at http://{address}:{server.server_port}/metrics")

    async def _write_on(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            self._write()

    def _write(self) -> None:
        try:
            self._library.write_to_textfile(self._path, self._registry)
        except OSError as error:
            if not self._told:  # the scan goes on
                self._told = True
                running.complain(f"cannot write {self._path}: {error.strerror}")

    # -- counting -------------------------------------------------------------------------------------

    def count(self, grabs: Sequence[Grab]) -> None:
        """These are done."""
        if self.wanted:
            self._bytes += sum(len(grab.banner) for grab in grabs)
            self._time(grab.timings.total for grab in grabs)

    def count_lines(self, lines: bytes) -> None:
        """These encoded records are done: 1 us each."""
        if self.wanted:
            seen = _decoder().decode_lines(lines)
            self._bytes += sum(
                len(one.banner) * 3 // 4 - one.banner[-2:].count("=")
                if one.encoding
                else len(one.banner)
                if one.banner.isascii()
                else len(one.banner.encode())
                for one in seen
            )
            self._time(one.timings.total if one.timings else None for one in seen)

    def _time(self, durations: Iterable[float | None]) -> None:
        for seconds in durations:
            if seconds is not None:
                self._durations[bisect_left(BOUNDS, seconds)] += 1
                self._seconds += seconds
        now = time.monotonic()
        if now - self._rates[-1][0] >= 1:
            self._rates.append((now, self.counts.done))

    # -- telling --------------------------------------------------------------------------------------

    def collect(self) -> Iterator[Metric]:
        """How things stand; called from the server's thread too."""
        core: Any = self._library.core
        counter, gauge = core.CounterMetricFamily, core.GaugeMetricFamily
        statuses = {status: self.counts.statuses.get(status, 0) for status in Status}
        yield core.InfoMetricFamily("banner", "The program that scans.", {"version": __version__})
        done = counter("banner_targets_done", "Targets that have their record, by status.", labels=["status"])
        for status, number in statuses.items():
            done.add_metric([status.value], number)
        yield done
        ours = sum(statuses[status] for status in OURS)
        yield counter("banner_errors", "Targets lost to this machine: local-error and fault.", ours)
        yield counter("banner_bad_lines", "Lines of the input that name no target.", self.counts.bad_lines)
        yield counter("banner_received_bytes", "Bytes of greetings that were kept.", self._bytes)
        if (expected := self.counts.extent.expected) is not None:
            yield gauge("banner_targets", "Targets of this run, as far as can be told.", expected)
        yield gauge("banner_targets_in_flight", "Targets that are being visited.", self.in_flight())
        yield gauge("banner_targets_per_second", f"Done, over the last {WINDOW} seconds.", self._rate())
        durations = core.HistogramMetricFamily("banner_target_seconds", "How long targets took.")
        totals = accumulate(self._durations)
        bounds = [*map(str, BOUNDS), "+Inf"]
        durations.add_metric([], list(zip(bounds, totals, strict=True)), self._seconds)
        yield durations
        yield gauge("banner_start_time_seconds", "When the scan began, since 1970.", self._began)
        yield gauge("banner_ended", "1 once the scan has ended, however it did.", int(self._ended))

    def _rate(self) -> float:
        now = time.monotonic()
        since, before = next((one for one in reversed(self._rates) if now - one[0] >= WINDOW), self._rates[0])
        return (self.counts.done - before) / max(now - since, 1e-3)
