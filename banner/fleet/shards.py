"""What goes between a scan and the workers of Dask: shards of targets, and their encoded records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, SupportsIndex

import msgspec

from ..inputs.route import Route
from ..models import Target, __version__
from .slices import Share


class OtherVersionError(Exception):
    """The worker has another version of this package than the scan; the text says which."""


class Shard(msgspec.Struct, frozen=True, array_like=True):
    """Targets to be visited."""

    scan: str
    """The scan's name, by which the worker knows it again."""
    share: Share
    """What this worker may do."""
    settings: bytes | None
    """The pickled `Settings`; None where the worker should have them."""
    targets: list[Target]
    positions: bytes = b""
    """In place of these, an ``array("Q")`` of where they stand in the scan's route."""
    route: bytes | None = None
    """That route, as `sent` has it, with the settings."""


class Found(msgspec.Struct, frozen=True):
    """What came of a shard. Pickled, its lines are a buffer of their own, which Dask sends on without a copy."""

    lines: bytes = b""
    """Where it came from another process, a `memoryview`."""
    statuses: dict[str, int] = {}
    started: float = 0.0
    """Seconds from the start of its first target to that of its last one."""
    lagged: float = 0.0
    """Seconds from there until all were done."""
    partly: bytes | None = None
    """The places of the targets that are done, as an ``array("Q")``; None for all."""
    unknown: bool = False
    """Nothing: the worker does not have the scan's settings."""

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Callable[..., Found], tuple[object, ...]]:
        import pickle  # here and below, for who has a cluster: forks of one machine import this module too

        rest = self.statuses, self.started, self.lagged, self.partly, self.unknown
        lines = pickle.PickleBuffer(self.lines) if int(protocol) >= 5 else bytes(self.lines)
        return Found, (lines, *rest)

    def __sizeof__(self) -> int:
        """By it Dask knows how much it keeps."""
        return object.__sizeof__(self) + len(self.lines)


MOST_SENT: Final = 1 << 20
"""Bytes of a route that every worker gets, for 10 ms: networks and ranges, and files of some 50,000 lines. The targets
of a longer one are sent as they come up, 50 bytes each."""


def sent(route: Route) -> bytes | None:
    """What takes `route` to the workers; None where it does not go, or takes too long."""
    if not route.in_memory:
        return None
    import pickle

    try:
        packed = pickle.dumps(route)
    except (AttributeError, TypeError, pickle.PicklingError):  # a file with more in it than addresses
        return None
    return packed if len(packed) <= MOST_SENT else None


encoded: Callable[[Any], bytes] = msgspec.msgpack.Encoder().encode
decoded: Callable[[bytes], Shard] = msgspec.msgpack.Decoder(Shard).decode


def check(version: str) -> bool:
    """Whether shards of banner `version` can be visited here: True, or `OtherVersionError`."""
    if version != __version__:
        raise OtherVersionError(f"it has banner {__version__}, the scan is of banner {version}")
    return True
