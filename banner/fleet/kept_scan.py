"""A scan for programs that is kept in a file with a journal: what was found is written before it is given out."""

from __future__ import annotations

import contextlib
import errno
import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from ..formats.destinations import destinations
from ..formats.exchange import read
from ..formats.files import OutputError
from ..inputs.cut import Cut
from ..inputs.named import NamedTargets
from ..inputs.selection import Selection
from ..inputs.spec import BadLine
from ..journal import resuming
from ..journal.scan_output import KeptOutput
from ..models import Grab, Settings, Target
from ..sweep.admission import Targets
from ..sweep.scanner import Scan
from .shared_scan import SharedScan
from .slices import OWED

log: logging.Logger = logging.getLogger("banner")


class Keep:
    """The file, what it holds already, and the targets that are left."""

    def __init__(
        self, path: str, targets: Targets, settings: Settings, concurrency: int, *, resume: bool
    ) -> None:
        """Raises `ValueError` for a file that can have no journal. Nothing is opened before the scan is entered."""
        (self._main,) = destinations([path])
        if not self._main.journalled:
            raise ValueError(f"{path}: a scan is kept in a file of JSON lines (.jsonl) or SQLite (.sqlite)")
        self._targets = targets
        self._resume = resume
        self._most = 4 * concurrency + OWED
        self._output: KeptOutput | None = None
        self.complete: bool = False
        """Whether an earlier run has completed it: nothing is left."""
        self._arguments = {
            "program": "banner.scan",
            "mode": str(settings.mode),
            "limit": settings.limit,
            "probes": list(settings.probes),
            "without": list(settings.without),
            "own": [probe.name for probe in settings.own],
        }

    @cached_property
    def done_before(self) -> int:
        """How many targets earlier runs have done; of a complete scan the records are counted. Raises `OSError`."""
        if self.complete:
            return sum(1 for _ in read(self._main.path, _ignore))
        return 0 if self._output is None else self._output.done_before

    def open(self) -> Targets:
        """What is left to be visited. Raises `ValueError` where the file is of another scan, `OSError`."""
        path = self._main.path
        found = resuming.find(path)
        if not self._resume and (found or resuming.holds_records(path)):
            raise FileExistsError(errno.EEXIST, "holds a scan already", path)
        if found is None and resuming.holds_records(path):
            log.info("%s holds a scan that is complete: nothing is left", path)
            self.complete = True
            return ()
        if found is not None:
            resuming.check_arguments(self._arguments, found.arguments, {}, whole=True)
        with _as_os_errors():
            self._output = KeptOutput(
                self._main, arguments=self._arguments, found=found, most=self._most, warn=log.warning
            )
            try:
                if isinstance(self._targets, NamedTargets):
                    return self._output.targets(self._targets.select(), self._targets.told)
                return self._output.targets(_Given(self._targets), _never)
            except BaseException:
                self._output.abandon()
                raise

    async def begin(self) -> None:
        """Write checkpoints from now on."""
        if self._output is not None:
            await self._output.__aenter__()

    def write(self, grabs: Sequence[Grab]) -> None:
        """These are done. Raises `OSError`."""
        if self._output is not None and grabs:
            with _as_os_errors():
                self._output.write(grabs)

    async def end(self, error: BaseException | None, *, complete: bool) -> None:
        """Close it. Raises `OSError`."""
        if self._output is not None:
            self._output.complete = complete
            with _as_os_errors():
                await self._output.__aexit__(type(error) if error else None, error, None)


class _Given(Selection):
    """Targets that a program gives, one after the other: known again by their order alone, as those of a pipe."""

    def __init__(self, targets: Targets) -> None:
        self._given = targets
        self.seed = None
        self.shard = (1, 1)

    @property
    def seekable(self) -> bool:
        return False

    async def stream(self, on_bad: Callable[[str, BadLine], None]) -> AsyncIterator[Target]:
        """All of them."""
        if isinstance(self._given, AsyncIterable):
            async for target in self._given:
                yield target
        else:
            for target in self._given:
                yield target

    def identity(self) -> dict[str, Any]:
        """Nothing is known of them before they are read, unless they are a slice of what is named."""
        of = {"of": self._given.identity()} if isinstance(self._given, Cut) else {}
        return {"given": True, "seed": None} | of


def _ignore(number: int, reason: str) -> None:
    """A damaged line is no record."""


def _never(name: str, line: BadLine) -> None:
    raise AssertionError(f"{name}: {line}")


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    try:
        yield
    except OutputError as error:
        raise OSError(errno.EIO, str(error)) from error


class _Kept(Scan):
    """What a kept scan does besides."""

    _keep: Keep
    _over = False

    async def __aenter__(self) -> Self:
        self._targets = self._keep.open()
        await self._keep.begin()
        try:
            return await super().__aenter__()
        except BaseException as error:
            await self._keep.end(error, complete=False)
            raise

    async def _take(self) -> list[Grab]:
        try:
            grabs = await super()._take()
        except StopAsyncIteration:
            self._over = not self._stopped
            raise
        self._keep.write(grabs)
        return grabs

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
            self._drain()
        except BaseException as failure:
            await self._keep.end(failure, complete=False)
            raise
        await self._keep.end(error if not self._over else None, complete=self._over)

    def _drain(self) -> list[Grab]:
        if grabs := super()._drain():
            self._keep.write(grabs)
        return grabs

    def done_before(self) -> int:
        """How many targets earlier runs have done."""
        return self._keep.done_before

    def _size(self) -> int | None:
        return self._keep.done_before if self._keep.complete else super()._size()


class KeptScan(_Kept):
    """In this process."""

    def __init__(self, *args: Any, keep: Keep) -> None:
        super().__init__(*args)
        self._keep = keep


class KeptSharedScan(_Kept, SharedScan):
    """In several."""

    def __init__(self, *args: Any, keep: Keep) -> None:
        super().__init__(*args)
        self._keep = keep
