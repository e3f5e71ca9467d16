"""Finds a module of a package in one listing of the package's folder.

The library's own finder looks at the folder again for each module, and at each of the suffixes that it could have: of
the 140 modules of packages that one visit needs, that is 3 ms. What is anything but one file of source is left to it.
This is for our own process alone, as `later` is.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_COMPILED = tuple(EXTENSION_SUFFIXES)


class _OneListing:
    """A finder for ``sys.meta_path``."""

    def __init__(self) -> None:
        self._folders: dict[str, set[str]] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where `name` is, if that is plain; None leaves it to the next finder."""
        if path is None or len(path) != 1:
            return None
        folder, own = path[0], name.rpartition(".")[2]
        if (plain := self._folders.get(folder)) is None:
            plain = self._folders[folder] = _plain(folder)
        if own not in plain:
            return None
        file = os.path.join(folder, f"{own}.py")
        spec = ModuleSpec(name, SourceFileLoader(name, file), origin=file)
        spec.has_location = True
        return spec

    def invalidate_caches(self) -> None:
        """`importlib.invalidate_caches`."""
        self._folders.clear()


def _plain(folder: str) -> set[str]:
    """The modules in `folder` that are one file of source: no package, nor compiled as well."""
    sources: set[str] = set()
    others: set[str] = set()
    try:
        names = os.listdir(folder)
    except OSError:  # in an archive
        return sources
    for name in names:
        stem, _, suffix = name.partition(".")
        if suffix == "py":
            sources.add(stem)
        elif not suffix or name.endswith(_COMPILED):  # a folder, perhaps
            others.add(stem)
    return sources - others


def install() -> None:
    """Ask it before the library's own, once in a process."""
    if PathFinder in sys.meta_path and not any(isinstance(one, _OneListing) for one in sys.meta_path):
        sys.meta_path.insert(sys.meta_path.index(PathFinder), _OneListing())
