"""Apache Kafka: ApiVersions, which needs no login. The answer lists the calls that the broker knows.

The broker does not tell its version; the newest calls in the list tell the oldest that it can be. Others
speak this protocol too (Redpanda), so no product is named. Every broker understands version 0 of the request.
Source: Kafka protocol guide, "ApiVersions", "Request and response headers", "Api keys"; for when each call
came, the release notes and the improvement proposals (KIP).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError

API_VERSIONS = 18
NUMBER = 0x62616E6E
_CALL = API_VERSIONS.to_bytes(2, "big") + b"\0\0" + NUMBER.to_bytes(4, "big") + b"\0\6banner"
REQUEST = len(_CALL).to_bytes(4, "big") + _CALL
UNSUPPORTED = 35
MOST_CALLS = 512
"""Calls in one answer; Kafka 3.9 knows fewer than 90."""

PRODUCE, FETCH, LIST_OFFSETS, METADATA, CREATE_TOPICS, CLIENT_QUOTAS = 0, 1, 2, 3, 19, 48
SINCE = (
    ("4.0", LIST_OFFSETS, 10), ("3.9", FETCH, 17), ("3.8", PRODUCE, 11), ("3.7", FETCH, 16), ("3.5", FETCH, 15),
    ("3.1", FETCH, 13), ("3.0", LIST_OFFSETS, 7), ("2.8", PRODUCE, 9), ("2.7", FETCH, 12), ("2.6", CLIENT_QUOTAS, 0),
    ("2.4", PRODUCE, 8), ("2.3", FETCH, 11), ("2.2", LIST_OFFSETS, 5), ("2.1", FETCH, 10), ("2.0", FETCH, 8),
    ("1.1", FETCH, 7), ("1.0", METADATA, 5), ("0.11", METADATA, 4), ("0.10.1", CREATE_TOPICS, 0),
)  # fmt: skip
"""A release, and a call in a version that it was the first to know, newest first: such as Fetch 17 (KIP-853),
16 (KIP-951), 15 (KIP-903), 13 (KIP-516), 10 (KIP-110) and 7 (KIP-227), and ListOffsets 7 (KIP-734)."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    start = yield from wire.exactly(4)
    length = int.from_bytes(start, "big")
    if not 6 <= length <= 10 + 6 * MOST_CALLS:
        return None
    if int.from_bytes((yield from wire.exactly(4)), "big") != NUMBER:
        return None
    error = int.from_bytes((yield from wire.exactly(2)), "big", signed=True)
    if error not in (0, UNSUPPORTED):
        return None
    wire.claim(Service("kafka"))
    if error:
        wire.details["error"] = "unsupported version"
        return wire.found
    _describe(wire, Cursor((yield from wire.exactly(length - 6))))
    return wire.found


def _describe(wire: Wire, cursor: Cursor) -> None:
    calls: dict[int, tuple[int, int]] = {}
    try:
        for _ in range(min(cursor.number(4), MOST_CALLS)):
            key, oldest, newest = cursor.number(2), cursor.number(2), cursor.number(2)
            calls[key] = oldest, newest
    except CutShortError:
        return
    wire.details["api_count"] = len(calls)
    wire.details["api_versions"] = [f"{key}:{low}-{high}" for key, (low, high) in calls.items()]
    for release, key, version in SINCE:
        if calls.get(key, (0, -1))[1] >= version:
            wire.details["version_at_least"] = release
            break


PROBE = Probe("kafka", ports=(9092,), tls_ports=(9093,), talk=talk, limit=8192)
