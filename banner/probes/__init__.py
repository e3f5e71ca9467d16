"""The protocols that banner can hold a conversation in: one file each, and the folder is the registry.

Those over UDP lie in the folder ``udp``.

Packages that are installed beside this one add their own by entry points of the group ``banner.probes``.

A module of this folder whose name does not start with ``_`` has one `Probe` named ``PROBE``; putting the file
here is all it takes. Nothing is imported before it is held: the facts of all are kept from run to run (`_facts`).
Modules that start with ``_`` hold what several protocols share; probes never import each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Final

from ..dialogue import Probe
from ..models import Service, Transport
from ..text.nearest import nearest_or_all
from ..text.patterns import lazily
from ..text.plugged import leave_out, plugged
from ..text.taken import check_port

__all__ = ["all", "asking_for_version", "built_in", "check", "checked", "from_parts", "get"]

_NAME: Final = lazily(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
"""A name in a record: letters, digits and hyphens, as IANA has them (RFC 6335, section 5.1)."""
_TAKEN: Final = {"tls", "listen"}
"""What is said and heard without a dialogue."""


def all(transport: Transport = Transport.TCP) -> tuple[Probe, ...]:  # noqa: A001 - read as ``probes.all()``
    """Every probe over `transport`, sorted by name."""
    return tuple(_known(transport).values())


def get(name: str, transport: Transport = Transport.TCP) -> Probe:
    """The probe of that name. Raises `ValueError`, with the names that there are, for any other."""
    try:
        return _known(transport)[name]
    except KeyError:
        there = ", ".join(_known(transport))
        raise ValueError(f"no probe is named {name!r}; there are {there}") from None


def check(name: str) -> None:
    """Raise `ValueError`, with the names that there are, where no probe has that name over any transport."""
    known = {name for transport in Transport for name in _known(transport)}
    if name not in known:
        raise ValueError(f"no probe is named {name!r}{nearest_or_all(name, sorted(known))}")


def asking_for_version(service: Service) -> Probe | None:
    """The question for the version of `service`, where its product is one that tells it in a place of its own."""
    from ._versions import asking

    return asking(service)


def built_in(probe: Probe) -> bool:
    """Whether it is one of this folder: no other has the name of one."""
    return probe.name in _by_name(probe.transport)


def checked(own: Iterable[object]) -> tuple[Probe, ...]:
    """Probes of a caller's own. Raises `TypeError` for what is none, `ValueError` for one that cannot be held, or whose
    name is another's."""
    found: dict[tuple[str, Transport], Probe] = {}
    for probe in own:
        if not isinstance(probe, Probe):
            raise TypeError(f"a dialogue of one's own is a banner.Probe, not {probe!r}")
        if not callable(probe.talk):
            raise TypeError(
                f"the talk of the probe {probe.name!r} is a generator function, not {probe.talk!r}"
            )
        if probe.name in _TAKEN or not _NAME.fullmatch(probe.name):
            raise ValueError(f"a probe's name is of small letters, digits and hyphens, not {probe.name!r}")
        for port in (*probe.ports, *probe.tls_ports):
            check_port(port)
        there = _known(probe.transport).get(probe.name)
        if (there is not None and there != probe) or found.setdefault(
            (probe.name, probe.transport), probe
        ) != probe:
            raise ValueError(f"there is another probe named {probe.name!r}")
    return tuple(found.values())


def from_parts(what: object) -> list[object]:
    """The probes of a module (its ``PROBE``, or several ``PROBES``), or those that `what` is itself."""
    if isinstance(what, ModuleType):
        what = getattr(what, "PROBES", None) or getattr(what, "PROBE", None)
    return list(what) if isinstance(what, tuple | list) else [what]


@cache
def _known(transport: Transport) -> Mapping[str, Probe]:
    """The built-in ones and those of other packages."""
    return MappingProxyType(dict(sorted({**_by_name(transport), **_plugged(transport)}.items())))


def _plugged(transport: Transport) -> dict[str, Probe]:
    found: dict[str, Probe] = {}
    for name, what in plugged("banner.probes"):
        for probe in from_parts(what):
            if not isinstance(probe, Probe):
                leave_out(f"the probe {name}", f"{probe!r} is no banner.Probe")
            elif probe.transport is transport:
                if probe.name in found or probe.name in _by_name(transport) or probe.name in _TAKEN:
                    leave_out(f"the probe {name}", f"there is another probe named {probe.name!r}")
                else:
                    found[probe.name] = probe
    return found


@cache
def _by_name(transport: Transport) -> Mapping[str, Probe]:
    from . import _facts  # reads files

    return MappingProxyType({probe.name: probe for probe in _facts.probes(transport)})
