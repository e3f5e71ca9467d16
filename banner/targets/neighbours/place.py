"""One target out of another tool's words, checked as what a person types is."""

from __future__ import annotations

from collections.abc import Sequence

from ...addresses.ports import parse_port
from ...text.lines import shown
from ..spec import Spec, parse


def place(host: object, ports: Sequence[int], tag: object = None, *, several: bool = False) -> Spec:
    """The target `host` at `ports`; several addresses only where that is said. Raises `ValueError`."""
    if not isinstance(host, str) or not host:
        raise ValueError("no address and no name")
    if any(letter.isspace() or letter in ",[]" for letter in host):
        raise ValueError(f"{shown(host)} is neither an address nor a name")
    bracketed = f"[{host}]" if ":" in host and "/" not in host else host
    spec = parse(bracketed, ports)
    if spec.block and not several:
        raise ValueError(f"{shown(host)} is more than one address")
    return Spec(spec.host, spec.ports, _tag(tag), spec.block)


def port_of(value: object) -> int:
    """A port that JSON or text gives. Raises `ValueError`."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("no port")
    return parse_port(value.strip())


def _tag(tag: object) -> str | None:
    if not isinstance(tag, str):
        return None
    words = "".join(letter if letter.isprintable() else " " for letter in tag[:256]).split()
    return " ".join(words) or None
