"""Asking a policy, a caller's own too."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Protocol

from .blocks import AddressSet


class Judge(Protocol):
    """Says which addresses and ports must not be visited."""

    def refusal(self, ip: str, port: int) -> str | None:
        """Why nothing may be sent to this address and port, or None where it may."""


def judge(policy: Judge, ip: str, port: int) -> str | None:
    """What `policy` answers: why not, or None. Raises what it raises, and `TypeError` for an answer that is neither."""
    answer: object = policy.refusal(ip, port)
    if answer is None or isinstance(answer, str):
        return answer
    if isinstance(answer, Coroutine):
        answer.close()
    raise TypeError(f"a policy answers with None or a reason, not {answer!r}")


class Exclusions:
    """The policy that `addresses` are never visited."""

    def __init__(self, addresses: AddressSet) -> None:
        self.addresses = addresses

    def refusal(self, ip: str, port: int) -> str | None:
        """Why nothing may be sent to `ip`, or None."""
        return "excluded" if ip.partition("%")[0] in self.addresses else None


class All:
    """Several policies as one: what any of them forbids is forbidden."""

    def __init__(self, *policies: Judge) -> None:
        self._policies = policies

    def refusal(self, ip: str, port: int) -> str | None:
        """The first reason against it."""
        for policy in self._policies:
            if (reason := judge(policy, ip, port)) is not None:
                return reason
        return None
