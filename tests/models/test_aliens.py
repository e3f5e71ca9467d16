"""Every argument of every public function, with what does not belong there: taken, or one clear error at once.

Arguments and names that are added are found by themselves.
"""

from __future__ import annotations

import asyncio
import inspect
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import banner

TOLD = {"Certificate", "Grab", "GrabError", "Issued", "Scan", "Service", "Timings", "Tls", "Ended", "Wire"}
"""What is handed out, and made by nobody else."""
WORDS = {"End", "Status"}
ALIENS: list[Any] = [
    None, 5, -1, 0, 1.5, True, "x", "", b"x", [], [1], [None], {}, float("nan"), float("inf"), 10**30, timedelta(1),
    Decimal(1), "\ud800", "a\0b", int, ("a",), set(), print, Exception("x"),
]  # fmt: skip
NEEDED: dict[str, dict[str, Any]] = {
    "grab": {"host": "127.0.0.1", "port": 9, "policy": banner.Policy(allow=[])},
    "scan": {"targets": []},
    "identify": {"data": b""},
    "Target": {"host": "127.0.0.1", "port": 9},
}
FIRST: dict[str, tuple[Any, ...]] = {"targets": ("127.0.0.1:9",)}
"""What has to be given by position, where another argument is the one that does not belong there."""
FILES = {
    ("scan", "keep"),
    ("Rules", "paths"),
    ("read", "source"),
    ("write", "where"),
    ("targets", "what"),
    ("targets", "exclude"),
}
CALLABLE = [
    name for name in banner.__all__ if callable(getattr(banner, name)) and name not in TOLD | WORDS
]  # fmt: skip
ARGUMENTS = [
    (name, argument) for name in CALLABLE for argument in inspect.signature(getattr(banner, name)).parameters
]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Some of them are names of files that are written."""
    monkeypatch.chdir(tmp_path)


async def hand_in(name: str, argument: str, value: Any) -> None:
    """Call `name` with `value` as one argument, and use what comes of it."""
    function = getattr(banner, name)
    kind = inspect.signature(function).parameters[argument].kind
    if kind is inspect.Parameter.VAR_POSITIONAL or (name, argument) == ("Mode", "value"):
        made = function(value)
    else:
        made = function(*FIRST.get(name, ()), **(NEEDED.get(name, {}) | {argument: value}))
    if inspect.isawaitable(made):
        async with asyncio.timeout(20):
            await made
    elif isinstance(made, banner.Scan):
        async with made as results:
            async for _ in results:
                pass


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS, ids=".".join)
async def test_aliens_are_taken_or_refused_in_words(name: str, argument: str) -> None:
    for alien in ALIENS:
        try:
            await hand_in(name, argument, alien)
        except (TypeError, ValueError) as error:
            words = str(error)
            assert len(words) > 10, (alien, words)
            assert "' object " not in words, (alien, words)  # Python's own, from further down
        except OSError:
            assert (name, argument) in FILES, alien


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS, ids=".".join)
async def test_what_is_nothing_at_all_is_never_taken(name: str, argument: str) -> None:
    if isinstance(inspect.signature(getattr(banner, name)).parameters[argument].default, bool):
        return  # yes or no: everything is one of these
    with pytest.raises((TypeError, ValueError)):
        await hand_in(name, argument, object())
