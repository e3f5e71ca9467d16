"""Mumble: the ping with which clients show a server's load before they connect.

Source: Mumble's protocol documentation, "UDP ping packet": four zero bytes and eight that come back; the answer has
version, those eight, users, most users, and the most bits a second that one may send.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Transport
from .._product import named
from ._asking import ask


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:8]
    answer = yield from ask(
        wire, bytes(4) + number, lambda data: data if len(data) == 24 and data[4:12] == number else None
    )
    if answer is None:
        return None
    users, most, bandwidth = (int.from_bytes(answer[at : at + 4], "big") for at in (12, 16, 20))
    wire.details |= {"users": users, "max_users": most, "bandwidth": bandwidth}
    version = f"{int.from_bytes(answer[:2], 'big')}.{answer[2]}.{answer[3]}"
    return wire.claim(named("mumble", "Mumble", "Mumble", version, cpe="mumble:mumble"))


PROBE = Probe("mumble", ports=(64738,), talk=talk, limit=2048, transport=Transport.UDP)
