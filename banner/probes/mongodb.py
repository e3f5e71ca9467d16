"""MongoDB: ``hello`` and ``buildInfo``, which need no login; the second names the version.

Both are sent at once as OP_MSG, which every server since 3.6 speaks; one without ``hello`` (before 4.4.2)
says so in an OP_MSG of its own, and answers ``buildInfo``. Others speak this protocol too and say so there.
Source: MongoDB manual, "MongoDB Wire Protocol" (header, OP_MSG), "hello", "buildInfo".
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Mapping

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._bson import Value, command, document
from ._cursor import CutShortError
from ._product import named

OP_MSG = 2013
HELLO, BUILD = 0x62616E01, 0x62616E02
LONGEST = 16384
"""Bytes of one answer; ``hello`` of a replica set of fifty takes three thousand."""

_HEADER = struct.Struct("<iiii")
_HELLO_DETAILS = {
    "minWireVersion": "min_wire_version", "maxWireVersion": "max_wire_version", "setName": "set_name",
    "msg": "role", "hosts": "hosts", "isWritablePrimary": "writable_primary", "codeName": "error",
}  # fmt: skip
_BUILD_DETAILS = {
    "gitVersion": "git_version", "modules": "modules", "allocator": "allocator", "bits": "bits",
    "javascriptEngine": "javascript_engine", "codeName": "error",
}  # fmt: skip


def message(number: int, name: str) -> bytes:
    """An OP_MSG with the command `name` as its one section, of kind 0."""
    body = bytes(4) + b"\0" + command(name)
    return _HEADER.pack(16 + len(body), number, 0, OP_MSG) + body


def talk(wire: Wire) -> Talk:
    wire.send(message(HELLO, "hello") + message(BUILD, "buildInfo"))
    hello = yield from _answer(wire, HELLO)
    if hello is None:
        return None
    _keep(wire, hello, _HELLO_DETAILS)
    build = yield from _answer(wire, BUILD)
    if build is not None:
        _keep(wire, build, _BUILD_DETAILS)
        wire.claim(_product(build))
    return wire.found


def _answer(wire: Wire, number: int) -> Generator[Want, None, Mapping[str, Value] | None]:
    """The document that answers `number`, empty where it is damaged; None where this is no such answer."""
    start = yield from wire.exactly(4)
    length = int.from_bytes(start, "little")
    if not 26 <= length <= LONGEST:
        return None
    _, _, to, code = _HEADER.unpack(start + (yield from wire.exactly(12)))
    if to != number or code != OP_MSG:
        return None
    wire.claim(Service("mongodb"))
    body = yield from wire.exactly(length - 16)
    try:
        return document(body[5:])
    except CutShortError:
        return {}


def _keep(wire: Wire, answer: Mapping[str, Value], names: Mapping[str, str]) -> None:
    wire.details.update((name, answer[field]) for field, name in names.items() if field in answer)


def _product(build: Mapping[str, Value]) -> Service:
    version = build.get("version")
    if not isinstance(version, str) or not version:
        return Service("mongodb")
    if "ferretdb" in build or "ferretdbVersion" in build:
        return named("mongodb", "FerretDB", "FerretDB", cpe="ferretdb:ferretdb")
    return named("mongodb", "MongoDB", "MongoDB", version, cpe="mongodb:mongodb")


PROBE = Probe("mongodb", ports=(27017, 27018, 27019), talk=talk, limit=2 * LONGEST)
