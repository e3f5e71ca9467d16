"""Asking a policy, a caller's own too."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Protocol


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
