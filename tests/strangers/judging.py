"""What is wrong with a record, and what differs between two of one peer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import msgspec

from banner import Grab, Status, Target, Timeouts
from banner.formats.record import encode
from banner.models import End

LATE = 2.0
"""Seconds past its deadline after which a record is late: of those that the loop had."""

LAST_HELLO = 1.5
"""Seconds that a hello at the end of a visit may have taken."""

OF_THE_CLOCK = frozenset({"time", "timings", "sent", "received"})
"""What differs from visit to visit; of the bytes, how many still cross the wire when a peer hangs up, and how long a
signature is that is made of random numbers (RFC 3279, section 2.2.3)."""

CUT_SHORT = frozenset({End.DEADLINE, End.RESET})
"""Ends at which a banner is what was read until then: a reset takes the rest (RFC 9293, section 3.10.7.4)."""


@cache
def _schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads((resources.files("banner") / "formats/schema.json").read_text())
    )


def complaints(
    grab: Grab,
    timeouts: Timeouts,
    elapsed: Callable[[float, float], float] = lambda since, until: until - since,
) -> list[str]:
    """What is wrong with one record: a fault, against the schema, late.

    `elapsed` tells how many seconds the loop that made the record had between two moments (`Heartbeat.elapsed`).
    """
    wrong = [f"fault: {grab.error}"] if grab.status in (Status.FAULT, Status.LOCAL_ERROR) else []
    errors = _schema().iter_errors(json.loads(encode(grab)))
    wrong += [f"against the schema: {error.message[:200]} at {error.json_path}" for error in errors]
    over = elapsed(grab.time + timeouts.total, grab.time + (grab.timings.total or 0))
    if over > LATE:
        wrong.append(
            f"late: {grab.timings.total:.1f} s, and for {over:.1f} s of them the loop had time to end it"
        )
    return wrong


def uncounted(targets: Iterable[Target], grabs: Iterable[Grab]) -> list[str]:
    """Who has no record, or more than one."""
    wanted = Counter((target.host, target.port) for target in targets)
    told = Counter((grab.host, grab.port) for grab in grabs)
    missing = [f"{host}:{port}: no record" for host, port in (wanted - told)]
    return missing + [f"{host}:{port}: too many records" for host, port in (told - wanted)]


def differences(
    one: Grab, other: Grab, total: float, *, slowed: bool = False, resets: bool = False
) -> dict[str, tuple[Any, Any]]:
    """The fields in which two records of one peer differ that should not; `total` is the seconds that each visit had.

    Of a peer that speaks in pieces (`slowed`) one may have read more than the other when its dialogue was over: the
    next hello is chosen by what there is of an answer.

    Of a peer that resets each connection at once, or (`resets`) whenever it has said what it has to say, one's last
    hello may have been taken by the kernel before the reset came, and the other's not.

    Where that time was up, one may have come a hello further than the other: the sweep looks whether there is a
    connection after 0.5 s, counts a patience from then on, and sees to deadlines in ticks.
    """
    slow = sorted(grab.timings.total or 0 for grab in (one, other))
    if slow[0] + LAST_HELLO > total and slow[0] < total <= slow[1]:
        return {}
    first, second = _flat(one), _flat(other)
    different = {
        name: (first.get(name), second.get(name))
        for name in first.keys() | second.keys()
        if name.partition(".")[0] not in OF_THE_CLOCK and first.get(name) != second.get(name)
    }
    alike = _begin_alike(one.banner, other.banner)
    if (alike and one.end == other.end and one.end in CUT_SHORT) or _told(one) == _told(other) != b"":
        different.pop("banner", None)
    if alike and slowed and End.LIMIT in (one.end, other.end):
        different.pop("end", None)
    if alike and slowed:
        different.pop("banner", None)
        different = {name: pair for name, pair in different.items() if not _by_pieces(name, pair, one, other)}
    resets = resets or one.status == other.status == Status.RESET
    fewer, more = sorted((one.said, other.said), key=len)
    if resets and fewer == more[:-1]:
        different.pop("said", None)
    if slow[0] >= total and abs(one.connections - other.connections) <= 1:
        different.pop("connections", None)
        if fewer == more[: len(fewer)]:
            different.pop("said", None)
    return different


def _by_pieces(name: str, pair: tuple[Any, Any], one: Grab, other: Grab) -> bool:
    """Whether a field differs because other pieces had come: one of two knows it alone, or went on with other hellos.

    The first hello is said before anything came, and what both know is the same.
    """
    if len(one.banner) == len(other.banner) and one.said == other.said:
        return False
    return one.said[:1] == other.said[:1] if name in {"probe", "said", "connections"} else None in pair


def _told(grab: Grab) -> bytes:
    """The banner up to where a server's handshake begins, which has random bytes (RFC 8446, section 4.1.3)."""
    return grab.banner.partition(b"\x16\x03")[0]


def _begin_alike(one: bytes, other: bytes) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """Every field by its path: ``tls.certificate.sha256``."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.structs.asdict(value)
    if not isinstance(value, dict):
        return {name: value}
    return {
        path: inner
        for key, part in value.items()
        for path, inner in _flat(part, f"{name}.{key}".strip(".")).items()
    }
