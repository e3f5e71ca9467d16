"""How many connections one address gets at once where nobody said: `Selection.usual_per_host`."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner.inputs.files import Source
from banner.inputs.selection import SAME_HOST, SAME_PORT, Selection

MANY = [f"10.{number >> 8}.{number & 255}.1:22" for number in range(3000)]
LISTS: dict[str, tuple[list[str], int | None]] = {
    "addresses once": (MANY, None),
    "one four times": ([*MANY, *MANY[:1] * 3], None),
    "one five times": ([*MANY[:20], *MANY[:1] * 4], SAME_PORT),
    "one often, in the beginning": (MANY[:1] * 5 + MANY, SAME_PORT),
    "one often, in the middle": (MANY[:1500] + MANY[:1] * 5 + MANY[1500:], SAME_PORT),
    "one often, in the end": (MANY + MANY[:1] * 5, SAME_PORT),
    "many ports of one host": ([f"10.0.0.1:{port}" for port in range(1, 3001)], SAME_HOST),
    "a hundred ports of one host": ([f"10.0.0.1:{port}" for port in range(1, 101)], None),
    "names": ([f"h{number}.example:22" for number in range(50)], SAME_PORT),
    "a name in the end": ([*MANY, "h.example:22"], SAME_PORT),
    "nobody": ([], None),
}


ORDERS = [(name, False) for name in LISTS]
ORDERS += [
    (name, True) for name, (lines, usual) in LISTS.items() if len(lines) <= 1000 or usual in (None, SAME_HOST)
]
"""Shuffled are those of which chance does not decide what comes together."""


@pytest.mark.parametrize(("name", "shuffled"), ORDERS)
def test_who_may_be_met_twice_is_spared(name: str, shuffled: bool, tmp_path: Path) -> None:
    lines, expected = LISTS[name]
    (tmp_path / "list").write_text("".join(f"{line}\n" for line in lines))
    selection = Selection(
        [], [str(tmp_path / "list")], shuffled=shuffled, seed=7 if shuffled else None, opened=Source
    )
    selection.route(lambda *_: None)
    assert selection.usual_per_host(1000) == expected


def test_of_a_pipe_nothing_is_known() -> None:
    assert Selection(["10.0.0.0/30:22"], []).usual_per_host(1000) == SAME_PORT
