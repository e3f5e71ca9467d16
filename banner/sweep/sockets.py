"""What is done with an attempt's connection: what plans and listening ask of the driver."""

from __future__ import annotations

from typing import Protocol

from ..plan.steps import Hold, Secure
from .attempts import Attempt


class Sockets(Protocol):
    """What is done with an attempt's connection."""

    def part(self, attempt: Attempt) -> None:
        """It is over: close it, now or soon."""

    def give_away(self, attempt: Attempt) -> None:
        """It goes on elsewhere: watch it no more."""

    def over(self, attempt: Attempt) -> None:
        """Its outcome is told, once, and what connection it has is over."""

    def reopen(self, attempt: Attempt) -> None:
        """Open another one to the same address."""

    def expect(self, attempt: Attempt, now: float) -> None:
        """From now on its next step's patience counts."""

    def begin(self, attempt: Attempt, step: Hold | Secure, now: float) -> None:
        """Say the hello of `step` there."""

    def listen(self, attempt: Attempt, now: float) -> None:
        """Read what has come there by now."""

    def watch(self, fd: int) -> None:
        """Tell when there is room for what the socket `fd` did not take."""
