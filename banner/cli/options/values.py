"""What argparse makes of an option's text: numbers in their bounds."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Once(argparse.Action):
    """An option that is a list by itself, of which a second one would take the place without a word."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        before = getattr(namespace, self.dest)
        if before is not self.default and before != values:  # banner.toml's is the default
            raise argparse.ArgumentError(self, f"it is given twice: {option} 22,80 names several")
        setattr(namespace, self.dest, values)


def positive(text: str) -> float:
    """A number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def workers(text: str) -> int:
    """Processes: a whole number from 1 to 256."""
    number = count(text)
    if number > 256:  # fleet.slices.MOST_WORKERS, whose import --help does not pay for
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is more than 256 processes")
    return number


def seed(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 0 on")
    return int(text)
