"""A target on its way to a driver."""

from __future__ import annotations

from typing import TypeVar

from ..models import Grab, Settings, Status, Target, Transport


class Job:
    """A target that may start: its addresses, or the error that is its outcome."""

    at = 0
    """Which of its addresses it is at."""
    held: float | None = None
    """Since when it waits for its turn at a further address (monotonic seconds)."""
    began: float = 0.0
    """When its own time began (monotonic seconds): its name's lookup counts, what it waited for in queues of ours does
    not."""
    dns: float | None = None
    """Seconds that the lookup of its name took by itself."""
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
    fault: str | None = None
    """What went wrong where a policy was asked."""

    def __init__(self, target: Target, addresses: tuple[str, ...]) -> None:
        self.target = target
        self.addresses = addresses

    @property
    def ip(self) -> str:
        """The address that it is at; it must have one."""
        return self.addresses[self.at]

    @property
    def has_another(self) -> bool:
        """Whether there is a further address."""
        return self.at + 1 < len(self.addresses)

    def start(self, now: float) -> None:
        """It is its turn."""
        if self.held is None:
            self.began = now - (self.dns or 0.0)
        else:
            self.began, self.held = self.began + now - self.held, None

    @property
    def ready(self) -> bool:
        """Whether there is somewhere to connect to."""
        return self.error is None and self.denied is None and self.fault is None


def unreached(job: Job, grab: Grab, now: float, settings: Settings) -> bool:
    """Whether `grab`, of a visit to one address of `job`, says that nobody was reached there, and there is another."""
    if job.target.transport is Transport.UDP:
        return False  # it was asked at each
    if grab.status not in _UNREACHED or grab.connections or not job.has_another:
        return False
    return now < job.began + settings.timeouts.total


_UNREACHED = frozenset(
    {Status.REFUSED, Status.TIMEOUT, Status.UNREACHABLE, Status.LOCAL_ERROR, Status.DENIED}
)

J = TypeVar("J", bound=Job)
"""The kind of job that a driver works with."""
