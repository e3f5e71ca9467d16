"""A target on its way to a driver."""

from __future__ import annotations

from typing import TypeVar

from ..models import Target


class Job:
    """A target that may start: its addresses, or the error that is its outcome."""

    asked: float | None = None
    """When its name began to be resolved (monotonic seconds), where it has one."""
    dns: float | None = None
    """Seconds that took."""
    error: str | None = None
    """Why its name has no address."""
    counted = False
    """A ceiling counts its connection."""
    again = 0
    """How often it was turned away."""
    ahead = False
    """It goes ahead of others to a host that was left in peace, as soon as the rate allows."""
    denied: str | None = None
    """Why a policy forbids it."""

    def __init__(self, target: Target, addresses: tuple[str, ...]) -> None:
        self.target = target
        self.addresses = addresses

    @property
    def ready(self) -> bool:
        """Whether there is somewhere to connect to."""
        return self.error is None and self.denied is None


J = TypeVar("J", bound=Job)
"""The kind of job that a driver works with."""
