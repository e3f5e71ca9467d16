"""Every dialogue over UDP with peers that answer in every wrong way: both drivers tell the same."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

import banner
from banner import Grab, Status, Target, Timeouts, Timings, Transport, probes
from banner.dialogue.datagrams import NONCE
from banner.plan import exchange
from banner.testing import udp
from tests.forgers import among_forgers
from tests.probes.conversation import Recording
from tests.probes.recordings import everything

PATIENT = Timeouts(read=20, total=60)
Answer = Callable[[bytes], Sequence[bytes]]

WAYS: dict[str, Callable[[list[bytes]], Sequence[bytes]]] = {
    "whole": lambda answer: answer,
    "cut in the middle": lambda answer: [one[: len(one) // 2] for one in answer],
    "without its last byte": lambda answer: [one[:-1] for one in answer],
    "its first byte alone": lambda answer: [one[:1] for one in answer],
    "damaged in the middle": lambda answer: [
        one[: len(one) // 2] + b"\xff" + one[len(one) // 2 + 1 :] for one in answer
    ],
    "every second bit": lambda answer: [bytes(byte ^ 0x55 for byte in one) for one in answer],
    "lengthened to 64 KB": lambda answer: [one + b"\xff" * (65507 - len(one)) for one in answer],
    "twice": lambda answer: [one for one in answer for _ in "ab"],
    "in another order": lambda answer: answer[::-1],
    "after an empty one": lambda answer: [b"", *answer],
    "after some of others": lambda answer: [*[b"\x80" * 40] * 5, *answer],
    "empty": lambda answer: [b""],
}  # fmt: skip


def speaker(recording: Recording, way: str) -> Answer:
    """The peer of a recording: to what it was asked then it answers as it did, and to all else as at first."""
    answers: dict[bytes, list[bytes]] = {}
    heard = b""
    for turn in recording.turns:
        if turn.who == "client":
            heard = turn.data
        else:
            answers.setdefault(heard, []).append(turn.data)
    first = next(iter(answers.values()))
    return lambda question: WAYS[way](answers.get(question, first))


def told(grab: Grab) -> Grab:
    """What does not differ from visit to visit; how much of a flood was there to be read does."""
    details = {name: value for name, value in grab.details.items() if name != "amplification"}
    return msgspec.structs.replace(
        grab, time=0.0, timings=Timings(), details=details, received=min(grab.received, 1)
    )


NAMES = [probe.name for probe in probes.all(Transport.UDP)]
AT_ONCE = 8


@pytest.mark.parametrize(
    "names", [NAMES[at : at + AT_ONCE] for at in range(0, len(NAMES), AT_ONCE)], ids=",".join
)
async def test_a_wrong_answer_is_told_alike_by_both_drivers(
    names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_as_recorded(monkeypatch)
    monkeypatch.setattr(exchange, "REPEAT", PATIENT.read)  # who stands still for a second would ask twice
    async with AsyncExitStack() as stack:
        peers = {name: await placed(stack, name) for name in names}
        targets = {name: [target(peer, way) for way, peer in peers[name].items()] for name in names}
        calls = [scanned(targets[name], name, driver) for name in names for driver in ("sweep", "streams")]
        found = await asyncio.gather(*calls)
        for name, grabs in zip(names, found[::2], strict=True):
            await everything_said_was_heard(peers[name], grabs, visits=2)
    for name, one, other in zip(names, found[::2], found[1::2], strict=True):
        assert one == other
        assert one.keys() == WAYS.keys()
        assert {grab.status for grab in one.values()} == {Status.BANNER}, name  # something came from each
        assert one["whole"].service is not None
        assert one["whole"].probe == name
        assert one["empty"].service is None
        assert all(
            len(grab.banner) <= 65536 and grab.details["datagrams"] in (1, 2, 3) for grab in one.values()
        )


def ask_as_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that answers recorded once are answers."""
    for module in ("banner.visit.asking.os", "banner.sweep.inquiry.os"):
        monkeypatch.setattr(module, SimpleNamespace(urandom=lambda size: NONCE[:size]))


@pytest.mark.skipif(sys.platform != "linux", reason="a connected socket hears nobody else")
@pytest.mark.parametrize(("driver", "forgers"), [("sweep", "127.0.0.9"), ("streams", "127.0.0.1")])
async def test_every_answer_is_found_among_forgeries(
    driver: str, forgers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_as_recorded(monkeypatch)

    async def found(name: str) -> Grab:
        answer = speaker(everything(Transport.UDP)[name][0], "whole")
        async with among_forgers("127.0.0.1", forgers, answer) as (host, port):
            target = Target(host, port, transport=Transport.UDP)
            [grab] = (await scanned([target], name, driver)).values()
        return grab

    for at in range(0, len(NAMES), 3):
        for name, grab in zip(
            NAMES[at:], await asyncio.gather(*map(found, NAMES[at : at + 3])), strict=False
        ):
            assert grab.service is not None, name
            assert grab.probe == name


async def placed(stack: AsyncExitStack, name: str) -> dict[str, udp.Server]:
    """A peer for each way of answering."""
    recording = everything(Transport.UDP)[name][0]
    return {way: await stack.enter_async_context(udp.answerer(speaker(recording, way))) for way in WAYS}


def target(peer: udp.Server, way: str) -> Target:
    return Target(peer.host, peer.port, way, transport=Transport.UDP)


async def everything_said_was_heard(
    peers: dict[str, udp.Server], grabs: dict[str | None, Grab], visits: int
) -> None:
    """What is told as sent arrived, words of parting too."""
    for way, peer in peers.items():
        datagrams: Any = grabs[way].details["datagrams"]
        async with asyncio.timeout(60):
            while len(peer.received) < visits * datagrams:
                await asyncio.sleep(0)  # until it is the peer's turn to read
        assert sum(map(len, peer.received)) == visits * grabs[way].sent


async def scanned(targets: list[Target], name: str, driver: str) -> dict[str | None, Grab]:
    more = {"driver": driver, "mode": "full", "probes": (name,), "timeouts": PATIENT}
    async with banner.scan(targets, **more) as results:  # type: ignore[arg-type]
        return {grab.tag: told(grab) async for grab in results}
