"""What a scan that is resumed finds, and whether it is the scan that was asked for.

A scan is told by its arguments, a dictionary of whatever its caller takes for them, which is kept in the journal.
Nothing is changed here, on disk or in what is given.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from ..formats.files import is_unfinished
from . import journal
from .journal import Checkpoint, Heading, JournalError

BESIDES: Final = "besides"
"""Under which name the scan's other files stand in the journal."""


class Found(NamedTuple):
    """What the journal of an output says."""

    heading: Heading
    last: Checkpoint

    @property
    def arguments(self) -> dict[str, Any]:
        """Those of the scan, as they were given when it began."""
        return {name: value for name, value in self.heading.arguments.items() if name != BESIDES}

    @property
    def besides(self) -> list[str]:
        """The scan's other files."""
        return list(self.heading.arguments.get(BESIDES, []))


class JournalLostError(JournalError):
    """There are records of a scan that was not complete, and nothing that tells which are missing."""


class OtherScanError(JournalError):
    """The scan that began is another one; the text says what differs."""


def find(path: str) -> Found | None:
    """The journal of the output at `path`; None where the scan had not begun, or is complete.

    Raises `OSError`, or `JournalError` where either the journal or the output is lost, or the journal damaged.
    """
    try:
        found = Found(*journal.read(journal.path_of(path)))
    except FileNotFoundError:
        if is_unfinished(path):
            raise JournalLostError(
                f"{path} is not complete, and its journal {journal.path_of(path)} is gone"
            ) from None
        return None
    if not os.path.exists(path):
        raise JournalError(f"{path} is gone, although its journal is there")
    return found


def holds_records(path: str) -> bool:
    """Whether something is in the output: without a journal its scan is complete then."""
    return os.path.exists(path) and os.path.getsize(path) > 0


def check_arguments(
    given: Mapping[str, Any],
    begun: Mapping[str, Any],
    usual: Mapping[str, Any],
    *,
    whole: bool,
    called: Callable[[str], str] = str,
) -> None:
    """Raise `OtherScanError` where `given` are not the arguments that the scan began with; `called` says how a person
    knows them.

    Unless the `whole` of them was given again, one that has its usual value was left out, which says nothing.
    So does a seed in any case, as a scan may have chosen it by itself.
    """
    differing = [
        _difference(called(name), value, begun.get(name))
        for name, value in given.items()
        if value != begun.get(name) and not (value in (usual.get(name), []) and (not whole or name == "seed"))
    ]
    if differing:
        raise OtherScanError("the scan began with other arguments: " + "; ".join(differing))


def _difference(what: str, given: object, begun: object) -> str:
    if begun in (None, [], False):
        return f"{what} is new" if given is True else f"{what} {_said(given)} is new"
    if given in (None, [], False):
        return f"{what} is missing" if begun is True else f"{what} {_said(begun)} is missing"
    return f"{what} {_said(given)}, not {_said(begun)}"


def _said(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return repr(text[:57] + "..." if len(text) > 60 else text)
