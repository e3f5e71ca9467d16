"""In which order news of handshakes are seen to."""

from __future__ import annotations

import pytest

from banner.models import Settings, Target
from banner.plan.planner import planner
from banner.plan.steps import Secure
from banner.sweep.attempts import Attempt
from banner.sweep.handshakes import Handshakes
from banner.sweep.selector import READABLE

pytestmark = pytest.mark.skipif(not READABLE, reason="no selector here tells of news")
CONNECTED = ~READABLE & 0xFF


def begun(handshakes: Handshakes, *, answer: bytes = b"") -> Attempt:
    """An attempt whose hello was said, and answered with a part of a flight."""
    attempt = Attempt(Target("127.0.0.1", 443), ("127.0.0.1",))
    handshake = handshakes.begin(attempt, Secure())
    assert handshake.wire.outgoing()
    if answer:
        handshake.feed(answer)
        assert handshake.end is None
    return attempt


def test_answers_to_hellos_come_last_and_alike_together() -> None:
    settings = Settings()
    handshakes = Handshakes(settings, planner(settings))
    fresh, answered = begun(handshakes), begun(handshakes, answer=b"\x16\3\3\0\x50\2")
    at = {1: fresh, 2: Attempt(Target("127.0.0.1", 80), ("127.0.0.1",)), 3: answered, 4: fresh}
    given = [(1, READABLE), (2, READABLE), (3, READABLE), (9, CONNECTED), (4, READABLE), (2, CONNECTED)]
    news = list(given)
    handshakes.sort(news, at)
    assert news == [
        (9, CONNECTED), (2, CONNECTED), (2, READABLE), (3, READABLE), (1, READABLE), (4, READABLE)
    ]  # fmt: skip


def test_nothing_is_sorted_where_nobody_shakes_hands() -> None:
    settings = Settings()
    handshakes = Handshakes(settings, planner(settings))
    attempt = begun(handshakes)
    assert handshakes.over(attempt) is not None
    assert handshakes.over(attempt) is None
    news = [(1, READABLE), (2, CONNECTED)]
    handshakes.sort(news, {})
    assert news == [(1, READABLE), (2, CONNECTED)]
