"""What a scan selects: which targets, in which order, and which part of them.

What has an end and can be read anywhere becomes one `Route`. As soon as one input is a pipe, everything is visited
as it comes, what is named itself first: networks in it keep what is excluded, which is then ``denied``.
"""

from __future__ import annotations

import contextlib
import os
from binascii import crc32
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from ..addresses.blocks import AddressSet
from ..addresses.ports import format_ports, parse_ports
from ..addresses.socket_address import literal
from ..models import Target
from .files import InputError, Progress, Source, read_later, read_now, understood
from .order import Space, parse_shard
from .route import Left, Route, listed
from .spec import BadLine, parse

SAME_PORT: Final = 4
"""Connections to one address at once, where they may go to one server: sshd begins to drop them at 10 that have
not logged in (MaxStartups 10:30:100, sshd_config(5)). It counts a closed one for some time yet, and others may be
there: 8 at once lost 4 of 100 greetings of Debian 12's, 6 lost 1 of 600, 5 and 4 none of 1,200."""
SAME_HOST: Final = 100
"""The same where they go to many ports of one host: enough for 65,535 ports in an hour if none answers. Either
count costs 1.4 us a target, so it is left out where it would hold nobody back."""
WINDOWS: Final = 8


Targets = Iterable[Target] | AsyncIterable[Target]


class NoTargetsError(ValueError):
    """Nothing was named that could be visited."""


class Selection:
    """The targets of one scan."""

    def __init__(
        self,
        targets: Sequence[str],
        files: Sequence[str] = (),
        *,
        ports: str | None = None,
        exclude: AddressSet | None = None,
        shuffled: bool = True,
        seed: int | None = None,
        shard: str | None = None,
        opened: Callable[[str], Source] = Source,
    ) -> None:
        """`targets` and the lines of `files` (``-`` is standard input) are as `spec` reads them; of a
        shuffled order without a `seed` one is chosen. `opened` opens one of `files`.

        Raises `NoTargetsError`, `ValueError`, or `OSError` with the file's name.
        """
        self._ports = parse_ports(ports) if ports else ()
        self._specs = [parse(text, self._ports) for text in targets]
        if not self._specs and not files:
            raise NoTargetsError("no targets")
        self._sources = [_named(path, opened) for path in files]
        self._exclude = exclude
        self._shuffled = shuffled
        self.seed = seed
        """Of the shuffled order; None until one is chosen, and where the order is not shuffled."""
        self._told = seed is not None
        self._progress = Progress(self._sources)
        self._space = Space(self._specs, exclude)
        self.total: int | None = None if self._sources else self._space.size
        """How many targets there are, where that is known."""
        self.excluded: int = self._space.excluded
        """How many targets were cut out of networks."""
        self.done_before: int = 0
        """How many of them earlier runs of a resumed scan have done."""
        self._route: Route | None = None
        self._digests: list[int] = []
        self.shard: tuple[int, int] = parse_shard(shard) if shard else (1, 1)
        """Which part of them: the second of seven is (2, 7)."""

    @property
    def expected(self) -> float | None:
        """How many targets there will be, as far as can be told."""
        if self.total is not None:
            return self.total
        in_files = self._progress.expected
        return None if in_files is None else self._space.size + in_files

    @property
    def note(self) -> str:
        """What a person should know of it afterwards."""
        cut = f"; {self.excluded:,} excluded" if self.excluded else ""
        cut += f"; {self.done_before:,} done before" if self.done_before else ""
        return cut + (f"; seed {self.seed}" if self.seed is not None and not self._told else "")

    @property
    def seekable(self) -> bool:
        """Whether each target has a position."""
        return self._progress.size is not None

    @property
    def emptiness(self) -> str | None:
        """Why there are no targets, where there are none; None where each file was told to name none."""
        if self.shard != (1, 1):
            return "none of them is in this shard"
        if self.excluded:
            return f"all {self.excluded:,} are excluded"
        return None if self._sources else "there are none"

    def reads(self, paths: Iterable[str]) -> bool:
        """Whether a file among `paths` is one of those that name targets, standard input among them."""
        there = []
        for path in paths:
            with contextlib.suppress(OSError):
                there.append(os.stat(path))
        named = [os.fstat(source.fd) for source in self._sources if source.size]
        return any(os.path.samestat(one, other) for one in there for other in named)

    def targets(self, on_bad: Callable[[str, BadLine], None]) -> Targets:
        """All of them, once, as they are asked for. Raises `InputError`."""
        if not self.seekable:
            return self.stream(on_bad)
        if not self._shuffled and self.shard == (1, 1) and self._exclude is None:
            return self._now(on_bad)
        route = self.route(on_bad)
        return Left(route, route.walk(), lambda: iter(range(route.size)) if route.in_memory else None)

    def route(self, on_bad: Callable[[str, BadLine], None]) -> Route:
        """All of them by position; the files are read here. Raises `InputError`."""
        files = [
            listed(source, self._ports, self._exclude, partial(on_bad, source.name))
            for source in self._sources
        ]
        if self.seed is None and self._shuffled:
            # The shards of one scan have to agree on the seed, so nobody chooses one for them.
            self.seed = 0 if self.shard != (1, 1) else int.from_bytes(os.urandom(4), "big")
        route = Route([self._space, *files], self.seed if self._shuffled else None, self.shard)
        self.total, self.excluded = route.size, route.excluded
        self._digests = [file.digest for file in files]
        self._route = route
        return route

    def choose(self, seed: int) -> None:
        """The seed that the scan began with."""
        self.seed, self._told = seed, True

    def resumed(self, done: int) -> None:
        """`done` of the targets were visited in earlier runs."""
        self.done_before = done
        if self.total is not None:
            self.total -= done

    def identity(self) -> dict[str, Any]:
        """What tells these targets and their order from others, once they are read; equal on all machines that
        run shards of one scan, but for ``shard``."""
        specs = "\n".join(map(str, self._specs))
        excluded = "\n".join(map(str, self._exclude or ()))
        return {
            "named": crc32(specs.encode()),
            "files": self._digests if self._route is not None else None,
            "ports": format_ports(self._ports),
            "excluded": crc32(excluded.encode()),
            "seed": self.seed,
            "shard": list(self.shard),
        }

    def usual_per_host(self, concurrency: int) -> int | None:
        """The ceiling for one address where none was asked for; None where it would hold nobody back.

        Looked at are as many targets as are in flight at once, at `WINDOWS` places. Of a pipe nothing is known.
        """
        route, usual = self._route, None
        if route is None:
            return SAME_PORT
        for at in range(0, route.size, max(1, route.size // WINDOWS)):
            hosts = list(islice(route.hosts(at), concurrency))
            together = _most(hosts)
            if together > SAME_PORT and _most(islice(route.walk(at), concurrency)) > SAME_PORT:
                return SAME_PORT
            if together > SAME_HOST:
                usual = SAME_HOST
            elif usual is None and not (route.has_no_names or all(map(literal, hosts))):
                usual = SAME_PORT  # many names may lead to one address
            if at + concurrency >= route.size:
                break  # the places that follow were looked at
        return usual

    def _now(self, on_bad: Callable[[str, BadLine], None]) -> Iterator[Target]:
        yield from self._space
        for source in self._sources:
            yield from read_now(source, self._ports, partial(on_bad, source.name), self._progress)

    def wait(self, on_bad: Callable[[str, BadLine], None]) -> Iterator[Target]:
        """All of them, waiting for what comes through a pipe."""
        part, of = self.shard
        return islice(self._waited(on_bad), part - 1, None, of)

    def _waited(self, on_bad: Callable[[str, BadLine], None]) -> Iterator[Target]:
        yield from self._space
        for source in self._sources:
            for item in understood(source, self._ports)[1]:
                if isinstance(item, BadLine):
                    on_bad(source.name, item)
                else:
                    yield from item

    async def stream(self, on_bad: Callable[[str, BadLine], None]) -> AsyncIterator[Target]:
        """All of them, read without waiting in the loop."""
        part, of = self.shard
        number = 0
        async for target in self._everything(on_bad):
            if number % of == part - 1:
                yield target
            number += 1

    async def _everything(self, on_bad: Callable[[str, BadLine], None]) -> AsyncIterator[Target]:
        for target in self._space:
            yield target
        for source in self._sources:
            reading = read_later(source, self._ports, partial(on_bad, source.name))
            async with contextlib.aclosing(reading) as targets:
                async for target in targets:
                    yield target


def _most(things: Iterable[Hashable]) -> int:
    """How often the most frequent one is there."""
    return max(Counter(things).values())


def _named(path: str, opened: Callable[[str], Source]) -> Source:
    """The file at `path`, which an `OSError` names."""
    try:
        return opened(path)
    except InputError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
