"""Formats of other packages: entry points of the group ``banner.formats``, each a `Format`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import BinaryIO, Protocol

import msgspec

from ..models import Grab
from ..text.plugged import leave_out, plugged
from .files import OutputError


class Writer(Protocol):
    """What writes a file of a format."""

    def write(self, grabs: Iterable[Grab]) -> None:
        """Take these, in their order."""

    def close(self) -> None:
        """Write what belongs at the end. The file itself is closed by whoever opened it."""


class Format(msgspec.Struct, frozen=True):
    """A format of records that another package adds."""

    name: str
    """For ``--format`` and ``form=``."""
    begin: Callable[[BinaryIO], Writer]
    """Makes what writes to a file that was opened."""
    suffixes: tuple[str, ...] = ()
    """How the names of such files end: ``(".yaml",)``."""
    recognises: Callable[[bytes], bool] | None = None
    """Whether a file that begins so (256 bytes) is one of these, where it is none of ours."""
    read: Callable[[Iterator[bytes], Callable[[int, str], None]], Iterable[Grab]] | None = None
    """Reads the lines of a file, with their ends; what is damaged goes to the function, as the line's number and
    the reason."""


class ForeignSink:
    """Writes to a descriptor, and closes it at the end."""

    def __init__(self, form: Format, fd: int, name: str) -> None:
        self._name = name
        self._file = os.fdopen(fd, "wb")
        self._writer = form.begin(self._file)

    def write(self, grabs: Iterable[Grab]) -> None:
        """Take `grabs`. Raises `OutputError`, `BrokenPipeError`."""
        self._try(lambda: self._writer.write(grabs))

    def flush(self) -> None:
        """Hand over what was taken."""
        self._try(self._file.flush)

    def close(self) -> None:
        """Finish the file; a second call does nothing."""
        if not self._file.closed:
            try:
                self._try(self._writer.close)
            finally:
                self._try(self._file.close)

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"cannot write {self._name}: {error.strerror}") from None


@cache
def foreign(ours: tuple[str, ...]) -> Mapping[str, Format]:
    """Those that are installed, by their names; `ours` are taken."""
    found: dict[str, Format] = {}
    for name, what in plugged("banner.formats"):
        if not isinstance(what, Format):
            leave_out(f"the format {name}", f"{what!r} is no banner.Format")
        elif what.name in ours or what.name in found:
            leave_out(f"the format {name}", f"there is another one named {what.name!r}")
        else:
            found[what.name] = what
    return MappingProxyType(found)
