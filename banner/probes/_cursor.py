"""Reading binary structures forward: numbers, counted bytes, and one error where they are cut short."""

from __future__ import annotations

from typing import Literal


class CutShortError(ValueError):
    """The structure says that there is more than there is."""


class Cursor:
    """A place in `data`. Every read moves it; a read past the end raises `CutShortError`."""

    __slots__ = ("at", "data", "order")

    def __init__(self, data: bytes, order: Literal["big", "little"] = "big") -> None:
        self.data = data
        self.order: Literal["big", "little"] = order
        self.at = 0

    def left(self) -> int:
        """How many bytes follow."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if not 0 <= count <= self.left():
            raise CutShortError(f"{count} bytes wanted, {self.left()} there")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int, *, signed: bool = False) -> int:
        """The next `size` bytes as an integer."""
        return int.from_bytes(self.take(size), self.order, signed=signed)

    def counted(self, size: int) -> bytes:
        """Bytes with their count before them, an integer of `size` bytes."""
        return self.take(self.number(size))

    def until(self, end: bytes = b"\0") -> bytes:
        """Everything up to `end`, which is passed over."""
        stop = self.data.find(end, self.at)
        if stop < 0:
            raise CutShortError(f"no {end!r}")
        found = self.data[self.at : stop]
        self.at = stop + len(end)
        return found
