"""The recordings of every probe: ``recordings/<name>.py`` has a sequence named ``RECORDINGS``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ..conversation import Recording


@cache
def everything() -> dict[str, tuple[Recording, ...]]:
    """Recordings by the probe's name."""
    return {
        module.name.replace("_", "-"): tuple(import_module(f"{__name__}.{module.name}").RECORDINGS)
        for module in iter_modules(__path__)
    }
