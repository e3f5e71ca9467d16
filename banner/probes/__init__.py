"""The protocols that banner can hold a conversation in: one file each, and the folder is the registry.

A module of this folder whose name does not start with ``_`` has one `Probe` named ``PROBE``; putting the file
here is all it takes. Nothing is imported before somebody asks, and then everything once: some 25 ms.
Modules that start with ``_`` hold what several protocols share; probes never import each other.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ..dialogue import Probe

__all__ = ["all", "get"]


def all() -> tuple[Probe, ...]:  # noqa: A001 - read where it is used: ``probes.all()``
    """Every probe, sorted by name."""
    return tuple(_by_name().values())


def get(name: str) -> Probe:
    """The probe of that name. Raises `ValueError`, with the names that there are, for any other."""
    try:
        return _by_name()[name]
    except KeyError:
        raise ValueError(f"no probe is named {name!r}; there are {', '.join(_by_name())}") from None


@cache
def _by_name() -> MappingProxyType[str, Probe]:
    names = (module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    found: list[Probe] = [import_module(f"{__name__}.{name}").PROBE for name in names]
    return MappingProxyType({probe.name: probe for probe in sorted(found, key=lambda probe: probe.name)})
