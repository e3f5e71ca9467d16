"""Dialogues from files and modules: what ``--probes`` names."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from ..dialogue import Probe
from ..probes import checked, from_parts


def load(names: Iterable[str]) -> tuple[Probe, ...]:
    """The probes of folders, files and modules: in each file or module its ``PROBE``, or several ``PROBES``.

    Of a folder every file is taken whose name does not start with ``_``. Raises `ValueError` with the reason, whatever
    happens while they are loaded.
    """
    found: list[object] = []
    for name in names:
        try:
            modules = list(_modules(name))
            if not modules:
                raise ValueError("no file of Python in this folder")
            for module in modules:
                found += from_parts(module)
            checked(found)
        except Exception as error:  # somebody else's code
            raise ValueError(f"{name}: {error}") from error
    return checked(found)


def is_file(name: str) -> bool:
    """Whether `name` is one of a folder or a file, which other machines do not have."""
    from pathlib import Path  # of many parts, for those who have dialogues of their own

    return name.endswith(".py") or Path(name).is_dir()


def _modules(name: str) -> Iterator[ModuleType]:
    if not is_file(name):
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise ValueError("no folder, file or module has that name") from None
        yield module
        return
    from pathlib import Path

    path = Path(name)
    for file in sorted(path.glob("[!_]*.py")) if path.is_dir() else [path]:
        spec = spec_from_file_location(f"banner_own_{file.stem}", file)
        if spec is None or spec.loader is None:
            raise ValueError(f"{file} is no file of Python")
        module = sys.modules[spec.name] = module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
