"""Redis and its kin: ``PING``, and ``INFO server``, which names the software and its version.

Both are sent at once: one round trip, and a server that wants a password refuses both. A server in protected
mode says so and closes before it reads anything. ``-ERR`` alone is nobody's: POP3 says it as well.
KeyDB has no version of its own there: its INFO is Redis', and the ``executable`` is keydb-server.
Sources: Redis "Serialization protocol specification" (RESP), "INFO", "Security"; Valkey, Kvrocks, Garnet, KeyDB "INFO".
"""

from __future__ import annotations

from collections.abc import Mapping

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._product import named
from ._text import opens, text

PING = b"*1\r\n$4\r\nPING\r\n"
INFO = b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"

REFUSALS = (
    b"-NOAUTH ", b"-DENIED Redis", b"-LOADING ", b"-NOPERM ", b"-MASTERDOWN ", b"-MISCONF ",
    b"-ERR max number of clients", b"-ERR operation not permitted",
)  # fmt: skip
"""Errors that Redis gives to PING; the last is what versions before 2.8 said for NOAUTH."""

KIN = (
    ("valkey_version", "Valkey", "Valkey", "lfprojects:valkey"),
    ("dragonfly_version", "DragonflyDB", "Dragonfly", "dragonflydb:dragonfly"),
    ("kvrocks_version", "Apache", "Kvrocks", "apache:kvrocks"),
    ("keydb_version", "Snap", "KeyDB", "snap:keydb"),
    ("garnet_version", "Microsoft", "Garnet", ""),
    ("redis_version", "Redis", "Redis", "redis:redis"),
)
"""Who speaks Redis' protocol: all say a ``redis_version`` too, the one that they are compatible with."""

_KEPT = ("redis_version", "redis_mode", "os", "arch_bits", "server_name", "gcc_version", "redis_build_id")


def talk(wire: Wire) -> Talk:
    wire.send(PING + INFO)
    if not (yield from opens(wire, b"+PONG\r\n", *REFUSALS)):
        return None
    wire.claim(Service("redis"))
    answer = yield from wire.line()
    if answer.startswith(b"-"):
        wire.details["error"] = text(answer[1:])
        if answer.startswith((b"-NOAUTH", b"-NOPERM", b"-ERR operation")):
            wire.details["auth_required"] = True
        if answer.startswith(b"-DENIED"):
            wire.details["protected_mode"] = True
        return wire.found
    wire.details["auth_required"] = False
    header = yield from wire.line()
    if header.startswith(b"-"):
        wire.details["error"] = text(header[1:])
    if header[:1] == b"$" and header[1:].isdigit():
        fields = _fields((yield from wire.exactly(int(header[1:6]))))
        wire.details.update((name, fields[name]) for name in _KEPT if fields.get(name))
        wire.claim(_product(fields))
    return wire.found


def _fields(info: bytes) -> dict[str, str]:
    """``name:value`` lines; headings start with ``#``."""
    pairs = (line.partition(b":") for line in info.splitlines())
    return {text(name): text(value) for name, colon, value in pairs if colon}


def _product(fields: Mapping[str, str]) -> Service:
    if "keydb" in fields.get("executable", "").rpartition("/")[2] and "redis_version" in fields:
        fields = {**fields, "keydb_version": fields["redis_version"]}
    for field, vendor, product, cpe in KIN:
        if version := fields.get(field):
            number = version.removeprefix("df-").removeprefix("v")
            return named(
                "redis", vendor, product, number, cpe=cpe, os=fields.get("os", "").partition(" ")[0] or None
            )
    return Service("redis")


PROBE = Probe("redis", ports=(6379,), tls_ports=(6380,), talk=talk)
