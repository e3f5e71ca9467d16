"""What holds for every dialogue over UDP, shown on its recordings; a new one is taken as it comes.

Datagrams come whole, cut at every byte, damaged, twice, not at all, and from every other protocol.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banner import Transport, probes
from banner.dialogue import Probe
from banner.models import Service

from ..conversation import Played, Recording, Turn, damage, server
from ..datagrams import exchange
from ..recordings import everything

MOST_QUESTIONS = 2
"""With the one repeat that the driver may send, three datagrams to one target."""
PROBES = probes.all(Transport.UDP)
RECORDED = everything(Transport.UDP)
EACH = [(probe, recording) for probe in PROBES for recording in RECORDED.get(probe.name, ())]

every_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
every_recording = pytest.mark.parametrize(
    ("probe", "recording"), EACH, ids=[f"{probe.name}: {recording.title}" for probe, recording in EACH]
)
quickly = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
DETAILS = msgspec.json.Encoder()


def check(played: Played) -> None:
    """What every exchange leaves behind, however it went."""
    wire = played.wire
    assert played.service is None or isinstance(played.service, Service)
    assert len(wire.received) <= wire.limit
    assert len(DETAILS.encode(wire.details)) < 64 * 1024
    if played.service:
        DETAILS.encode(played.service)


def loosely(probe: Probe, turns: Iterable[Turn], **how: object) -> Played:
    """`probe` before a peer that goes on whatever it is told."""
    played = exchange(probe, turns, strict=False, **how)  # type: ignore[arg-type]  # forwarded as they came
    check(played)
    return played


def whole(probe: Probe, recording: Recording) -> Played:
    return exchange(probe, recording.turns, deep=recording.deep, port=recording.port)


def answers(recording: Recording) -> list[bytes]:
    return [turn.data for turn in recording.turns if turn.who == "server"]


@every_probe
def test_it_has_a_recording_that_it_recognises(probe: Probe) -> None:
    recorded = RECORDED.get(probe.name, ())
    assert recorded, f"tests/probes/recordings/udp/{probe.name.replace('-', '_')}.py is missing"
    assert any(recording.service for recording in recorded)
    titles = [recording.title for recording in recorded]
    assert len(set(titles)) == len(titles)


def test_every_recording_has_its_probe() -> None:
    assert RECORDED.keys() <= {probe.name for probe in PROBES}


@every_recording
def test_a_recorded_peer_whole(probe: Probe, recording: Recording) -> None:
    played = whole(probe, recording)
    check(played)
    assert played.service == recording.service
    assert played.wire.details == recording.details
    assert played.missing == ()
    assert played.ended == (recording.end if recording.ended else None)
    assert bytes(played.wire.sent) == recording.sent()
    assert sum(turn.who == "client" for turn in recording.turns) <= MOST_QUESTIONS


@every_recording
def test_a_datagram_cut_anywhere(probe: Probe, recording: Recording) -> None:
    names = {recording.service.name} if recording.service else set()
    for number, turn in enumerate(recording.turns):
        for at in range(0, len(turn.data) if turn.who == "server" else 0, max(1, len(turn.data) // 400)):
            cut = [
                *recording.turns[:number],
                server(turn.data[:at], turn.port),
                *recording.turns[number + 1 :],
            ]
            played = loosely(probe, cut, deep=recording.deep, port=recording.port)
            assert played.service is None or played.service.name in names, at


@every_recording
@quickly
@given(data=st.data())
def test_a_datagram_damaged_anywhere(probe: Probe, recording: Recording, data: st.DataObject) -> None:
    turns: list[Turn] = list(recording.turns)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(recording.said()) - 1)))
        noise = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"\r\n", b"\0\0\0\0", b"\xff" * 4, b"\xc0\x0c", b"\x84"])
        )
        turns = damage(turns, at, data.draw(st.integers(0, 8)), noise)
    loosely(probe, turns, deep=data.draw(st.booleans()), port=recording.port)


@every_recording
def test_lengths_that_say_less(probe: Probe, recording: Recording) -> None:
    """What is read of an answer must be there, whatever its numbers say, and however short all of them agree on."""
    for number, turn in enumerate(recording.turns[:5]):
        for data in _shorter(turn.data) if turn.who == "server" else ():
            turns = [*recording.turns[:number], server(data, turn.port), *recording.turns[number + 1 :]]
            loosely(probe, turns, deep=recording.deep, port=recording.port)


def _shorter(data: bytes) -> Iterator[bytes]:
    """`data` with each of its first bytes made small, and without its end where one of them tells of that."""
    for at in range(min(len(data), 40)):
        for value in (0, 1, 2, 5):
            yield data[:at] + bytes([value]) + data[at + 1 :]
    for missing in range(1, min(len(data), 24)):
        cut = data[:-missing]
        for at in range(min(len(cut), 40)):
            if cut[at] >= missing:
                yield cut[:at] + bytes([cut[at] - missing]) + cut[at + 1 :]


@every_recording
def test_every_answer_twice(probe: Probe, recording: Recording) -> None:
    """The driver's repeat may bring a second answer to the first question, when the second question is out."""
    turns = [one for turn in recording.turns for one in ([turn] if turn.who == "client" else [turn, turn])]
    played = loosely(probe, turns, deep=recording.deep, port=recording.port)
    assert played.service == recording.service
    assert played.wire.details == recording.details


@every_recording
def test_a_forged_answer_before_it(probe: Probe, recording: Recording) -> None:
    """Noise from the right address is passed over."""
    at = next(number for number, turn in enumerate(recording.turns) if turn.who == "server")
    turns = [*recording.turns[:at], server(b"\x80\x02\x03"), *recording.turns[at:]]
    assert loosely(probe, turns, deep=recording.deep, port=recording.port).service == recording.service


@every_recording
def test_the_question_itself_is_no_answer(probe: Probe, recording: Recording) -> None:
    """An echo server (RFC 862) gives every datagram back."""
    question = recording.turns[0].data
    for deep in (False, True):
        played = loosely(probe, [server(question), server(question)], deep=deep, port=recording.port)
        assert played.service is None
        assert played.wire.found is None
        assert played.waits <= 1
        assert not played.wire.details


@every_probe
@quickly
@given(said=st.lists(st.binary(max_size=300), max_size=5), deep=st.booleans())
def test_a_peer_of_noise(probe: Probe, said: list[bytes], deep: bool) -> None:
    assert loosely(probe, map(server, said), deep=deep).service is None


NEVER = {17: "qotd", 19: "chargen", 520: "RIP", 1812: "RADIUS", 1813: "RADIUS", 51820: "WireGuard"}
"""Who is never asked (docs/responsible-use.md)."""
MULTIPLY = (b"stats", b"ssdp:all", bytes.fromhex("1700032a"), (4).to_bytes(4, "big") + bytes(16))
"""memcached's statistics, every device, NTP's monlist, rpcbind's DUMP."""


@every_probe
def test_nothing_is_asked_that_multiplies_for_others(probe: Probe) -> None:
    assert not NEVER.keys() & set(probe.ports)
    for recording in RECORDED[probe.name]:
        for turn in recording.turns:
            if turn.who == "client":
                assert len(turn.data) <= 1232, "fits into any path's packet (RFC 8200, section 5)"
                assert not any(words in turn.data for words in MULTIPLY)


@every_probe
def test_silence_is_no_service(probe: Probe) -> None:
    played = loosely(probe, [])
    assert played.service is None
    assert played.ended is not None
    assert not played.wire.details


@every_probe
def test_other_protocols_are_not_claimed(probe: Probe) -> None:
    for other, recorded in RECORDED.items():
        for recording in recorded:
            if other == probe.name or probe.name in recording.also:
                continue
            for deep in (False, True):
                played = loosely(probe, map(server, answers(recording)), deep=deep)
                assert played.service is None, f"claims {other}: {recording.title}"
                assert played.wire.found is None, f"claims {other}: {recording.title}"


@every_recording
def test_an_answer_that_is_as_long_as_a_datagram_can_be(probe: Probe, recording: Recording) -> None:
    """64 KB behind each answer, and in it over and over: the cost grows with the bytes, not with their square."""
    start = time.process_time()
    for fill in (b"\0", b"\xff", b"\xc0\x0c", b"0\x80", b"a,;:", b"\r\nA: b", b"\x01a"):
        turns = [
            server((turn.data + fill * 65507)[:65507]) if turn.who == "server" else turn
            for turn in recording.turns
        ]
        loosely(probe, turns, deep=True, port=recording.port, limit=65536)
        turns = [
            server((turn.data * 65507)[:65507]) if turn.who == "server" and turn.data else turn
            for turn in recording.turns
        ]
        loosely(probe, turns, deep=True, port=recording.port, limit=65536)
    assert time.process_time() - start < 7, "seconds"


@every_recording
@pytest.mark.parametrize("limit", [1, 3, 16, 100])
def test_it_never_reads_beyond_its_limit(probe: Probe, recording: Recording, limit: int) -> None:
    loosely(probe, recording.turns, limit=limit, deep=recording.deep, port=recording.port)


@every_probe
def test_a_flood_is_left(probe: Probe) -> None:
    played = loosely(probe, map(server, [b"\x80" * 500] * 50), deep=True)
    assert played.waits < 20
