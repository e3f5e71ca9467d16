"""How far a scan is, for programs that show it."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import msgspec

from ..inputs.cut import Cut
from ..inputs.named import NamedTargets
from ..models import Modelled, Status


class Progress(Modelled, msgspec.Struct, frozen=True):
    """How far a scan is."""

    done: int
    """Targets whose grabs were read."""
    statuses: dict[Status, int]
    """How many of each status."""
    in_flight: int
    """Targets that are being visited."""
    elapsed: float
    """Seconds since the scan was entered, until its last grab."""
    total: int | None = None
    """All targets of this run, where that is known: the iterable has a length."""
    done_before: int = 0
    """Targets that earlier runs have done (``keep``); they are none of `total`."""

    @property
    def rate(self) -> float:
        """Targets per second."""
        return self.done / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> int | None:
        """Targets that are left; None where that is not known."""
        return None if self.total is None else max(0, self.total - self.done)

    @property
    def seconds_left(self) -> float | None:
        """How long they will take at this rate; None where that is not known."""
        return self.left / self.rate if self.left is not None and self.done else None

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, what is derived as well; what is not known is None."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        fields["statuses"] = {status.value: count for status, count in self.statuses.items()}
        return fields | {"rate": self.rate, "left": self.left, "seconds_left": self.seconds_left}


def size(targets: object) -> int | None:
    """How many they are, where that is known."""
    if isinstance(targets, NamedTargets | Cut):
        return targets.size
    return len(targets) if isinstance(targets, Sized) else None
