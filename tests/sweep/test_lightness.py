"""What thousands in flight keep little of: an attempt's attributes, and a dialogue that waits."""

from __future__ import annotations

import gc
from types import GeneratorType

from banner.dialogue import Want, Wire
from banner.models import Target
from banner.sweep.attempts import Attempt

RARE = {"held", "dns", "error", "denied", "fault", "inquiry"}
"""What an attempt over TCP to an address that greets does not have: the table of names holds thirty."""


def test_attempts_share_the_names_of_their_attributes() -> None:
    """A dictionary of its own makes one twice as large."""
    attempts = [
        Attempt(Target("192.0.2.1", 22), ("192.0.2.1",)) for _ in range(64)
    ]  # the table is closed by then
    names = {*Attempt.__annotations__, "state", "fd", "tries", "data", "began", "counted"} - RARE
    for name in sorted(names):
        setattr(attempts[-1], name, 0)
    assert not any(isinstance(what, dict) for what in gc.get_referents(attempts[-1]))


def test_who_waits_for_bytes_waits_in_one_generator() -> None:
    wire = Wire("192.0.2.1", 22)
    for waiting in (wire.some(), wire.exactly(1), wire.until(b"\n")):
        assert next(waiting) is Want.BYTES
        assert isinstance(waiting, GeneratorType)
        assert waiting.gi_yieldfrom is None
