"""The protocols that banner can hold a conversation in: one file each, and the folder is the registry.

Those over UDP lie in the folder ``udp``.

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
from ..models import Service, Transport

__all__ = ["all", "asking_for_version", "check", "get"]


def all(transport: Transport = Transport.TCP) -> tuple[Probe, ...]:  # noqa: A001 - read as ``probes.all()``
    """Every probe over `transport`, sorted by name."""
    return tuple(_by_name(transport).values())


def get(name: str, transport: Transport = Transport.TCP) -> Probe:
    """The probe of that name. Raises `ValueError`, with the names that there are, for any other."""
    try:
        return _by_name(transport)[name]
    except KeyError:
        there = ", ".join(_by_name(transport))
        raise ValueError(f"no probe is named {name!r}; there are {there}") from None


def check(name: str) -> None:
    """Raise `ValueError`, with the names that there are, where no probe has that name over any transport."""
    known = {name for transport in Transport for name in _by_name(transport)}
    if name not in known:
        raise ValueError(f"no probe is named {name!r}; there are {', '.join(sorted(known))}")


def asking_for_version(service: Service) -> Probe | None:
    """The question for the version of `service`, where its product is one that tells it in a place of its own."""
    from ._versions import asking

    return asking(service)


@cache
def _by_name(transport: Transport) -> MappingProxyType[str, Probe]:
    package = import_module(f"{__name__}.udp") if transport is Transport.UDP else import_module(__name__)
    modules = (module for module in iter_modules(package.__path__) if not module.name.startswith("_"))
    found: list[Probe] = [
        import_module(f"{package.__name__}.{module.name}").PROBE for module in modules if not module.ispkg
    ]
    return MappingProxyType({probe.name: probe for probe in sorted(found, key=lambda probe: probe.name)})
