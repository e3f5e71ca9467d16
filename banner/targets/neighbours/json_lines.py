"""JSON, one object on a line: masscan's, naabu's, zmap's, zgrab2's and ours, told apart by their fields.

masscan writes an array with each object on a line of its own, which is taken as well, and an array that is
whole on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from ..spec import Spec
from .place import place, port_of

_FINISHED = re.compile(r"\{\s*finished: \d+\s*\}")
"""What old versions of masscan write last, which is no JSON (its issue 314)."""


def reader(ports: Sequence[int]) -> Callable[[str], Iterator[Spec]]:
    """What reads one line; `ports` for objects that name none."""

    def read(line: str) -> Iterator[Spec]:
        text = line.strip(", \t")
        if text in ("", "[", "]") or _FINISHED.fullmatch(text):
            return
        for found in _objects(text):
            yield from _targets(found, ports)

    return read


def _objects(text: str) -> list[Any]:
    if text.startswith("[") and not text.endswith("]"):
        text = text[1:]
    elif text.endswith("]") and not text.startswith("["):
        text = text[:-1]
    try:
        read = msgspec.json.decode(text.encode())
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return read if isinstance(read, list) else [read]


def _targets(found: Any, ports: Sequence[int]) -> Iterator[Spec]:
    if not isinstance(found, dict):
        raise ValueError("no object")
    if "rec_type" in found:
        yield from _masscan_line(found)
    elif isinstance(found.get("ports"), list):
        yield from _masscan(found)
    elif "saddr" in found:
        yield from _zmap(found, ports)
    elif isinstance(found.get("data"), dict):
        yield from _zgrab2(found, ports)
    elif "v" in found and "status" in found:
        yield place(found.get("host"), (port_of(found.get("port")),), found.get("tag"))
    elif "port" in found:
        yield from _naabu(found)
    else:
        raise ValueError("no fields of masscan, naabu, zmap, zgrab2 or banner scan")


def _masscan_line(found: dict[str, Any]) -> Iterator[Spec]:
    data = found.get("data")
    status = data.get("status") if isinstance(data, dict) else None
    if found["rec_type"] == "status" and status == "open" and found.get("proto") == "tcp":
        yield place(found.get("ip"), (port_of(found.get("port")),))


def _masscan(found: dict[str, Any]) -> Iterator[Spec]:
    for entry in found["ports"]:
        if not isinstance(entry, dict):
            raise ValueError("an entry of ports is no object")
        if entry.get("status") == "open" and entry.get("proto") == "tcp":  # one with a banner has no status
            yield place(found.get("ip"), (port_of(entry.get("port")),))


def _zmap(found: dict[str, Any], ports: Sequence[int]) -> Iterator[Spec]:
    if found.get("classification", "synack") == "synack" and found.get("success", 1) in (1, True):
        yield place(found["saddr"], (port_of(found["sport"]),) if "sport" in found else ports)


def _zgrab2(found: dict[str, Any], ports: Sequence[int]) -> Iterator[Spec]:
    """The ports that the modules name; those of old versions name none."""
    answers = [answer for answer in found["data"].values() if isinstance(answer, dict)]
    named = [answer["port"] for answer in answers if answer.get("port")]
    if not named and found.get("port"):
        named = [found["port"]]
    numbers = dict.fromkeys(map(port_of, named)) or ports
    yield place(found.get("domain") or found.get("ip"), tuple(numbers), found.get("tag"))


def _naabu(found: dict[str, Any]) -> Iterator[Spec]:
    port, protocol = found["port"], found.get("protocol", "tcp")
    if isinstance(port, dict):  # some of its versions: {"Port": 22, "Protocol": 0, "TLS": false}, 0 for TCP
        protocol = "tcp" if port.get("Protocol", 0) == 0 else ""
        port = port.get("Port")
    if protocol == "tcp":
        yield place(found.get("host") or found.get("ip"), (port_of(port),))
