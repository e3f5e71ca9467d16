"""rpcbind: programs, refusals, fragments."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from banner import probes

from .conversation import Played, play, server

RPCBIND = probes.get("rpcbind")
ACCEPTED = b"bann" + struct.pack(">5I", 1, 0, 0, 0, 0)


def fragment(data: bytes, *, last: bool = True) -> bytes:
    return (len(data) | (0x80000000 if last else 0)).to_bytes(4, "big") + data


def dump(*said: bytes) -> Played:
    return play(RPCBIND, [server(b"".join(said))], strict=False)


def entry(*numbers: int) -> bytes:
    return struct.pack(">5I", 1, *numbers)


def test_programs_without_a_name_are_numbers() -> None:
    listed = entry(100003, 4, 6, 2049) + entry(400122, 1, 132, 5) + bytes(4)
    assert dump(fragment(ACCEPTED + listed)).wire.details == {
        "access": "granted",
        "programs": ["nfs 4 tcp 2049", "400122 1 132 5"],
    }


def test_an_answer_in_fragments() -> None:
    listed = entry(100000, 2, 17, 111) + bytes(4)
    played = dump(fragment(ACCEPTED, last=False), fragment(b"", last=False), fragment(listed))
    assert played.wire.details["programs"] == ["rpcbind 2 udp 111"]


def test_a_refusal_is_rpc_too() -> None:
    played = dump(fragment(b"bann" + struct.pack(">5I", 1, 1, 1, 5, 0)))
    assert played.service is not None
    assert played.wire.details == {"access": "refused"}
    unavailable = dump(fragment(b"bann" + struct.pack(">5I", 1, 0, 0, 0, 1)))
    assert unavailable.wire.details == {"access": "unavailable", "programs": []}


def test_a_list_without_end_is_cut() -> None:
    assert len(dump(fragment(ACCEPTED + entry(1, 1, 6, 1) * 300)).wire.details["programs"]) == 128


def test_a_call_or_another_number_is_not_claimed() -> None:
    assert dump(fragment(b"bann" + bytes(20))).service is None
    assert dump(fragment(b"BANN" + struct.pack(">5I", 1, 0, 0, 0, 0))).service is None


@given(st.binary(max_size=200))
def test_any_list_is_survived(rest: bytes) -> None:
    assert dump(fragment(ACCEPTED + rest)).service is not None
