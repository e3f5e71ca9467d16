"""What goes between a scan and the workers of Dask: shards of targets, and their encoded records."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, SupportsIndex

import msgspec

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
        rest = self.statuses, self.started, self.lagged, self.partly, self.unknown
        lines = pickle.PickleBuffer(self.lines) if int(protocol) >= 5 else bytes(self.lines)
        return Found, (lines, *rest)

    def __sizeof__(self) -> int:
        """By it Dask knows how much it keeps."""
        return object.__sizeof__(self) + len(self.lines)


encoded: Callable[[Any], bytes] = msgspec.msgpack.Encoder().encode
decoded: Callable[[bytes], Shard] = msgspec.msgpack.Decoder(Shard).decode


def check(version: str) -> bool:
    """Whether shards of banner `version` can be visited here: True, or `OtherVersionError`."""
    if version != __version__:
        raise OtherVersionError(f"it has banner {__version__}, the scan is of banner {version}")
    return True
