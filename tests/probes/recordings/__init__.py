"""The recordings of every probe: ``recordings/<name>.py`` has a sequence named ``RECORDINGS``.

Those over UDP lie in ``recordings/udp``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from banner import Transport

from ..conversation import Recording


@cache
def everything(transport: Transport = Transport.TCP) -> dict[str, tuple[Recording, ...]]:
    """Recordings by the probe's name."""
    package = import_module(f"{__name__}.udp") if transport is Transport.UDP else import_module(__name__)
    return {
        module.name.replace("_", "-"): tuple(import_module(f"{package.__name__}.{module.name}").RECORDINGS)
        for module in iter_modules(package.__path__)
        if not module.ispkg
    }
