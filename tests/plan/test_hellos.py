"""The queue of hellos: when there are enough answers to say that none will tell more."""

from __future__ import annotations

import pytest

from banner.plan.hellos import Queue


@pytest.mark.parametrize(
    ("answers", "enough"),
    [
        ([b"no\r\n"] * 2, False),
        ([b"no\r\n"] * 3, True),
        ([b"no", b"no\r\n", b"n"], True),  # in pieces, of which the first was read
        ([b"a" * 32 + b"1", b"a" * 32 + b"2", b"a" * 40], True),
        ([b"a", b"b", b"c"], False),
        ([b"a", b"", b"a"], False),
        ([b"1 a", b"2 a", b"1 a", b"2 a", b"1"], True),
    ],
)
def test_who_answers_three_times_alike_says_so_to_everybody(answers: list[bytes], enough: bool) -> None:
    queue = Queue((), True, ())
    assert [queue.answered(answer) for answer in answers][-1] == enough
