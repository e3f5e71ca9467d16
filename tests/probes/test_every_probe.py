"""What holds for every probe of the registry, shown on its recordings; a new probe is taken as it comes.

A probe without a recording fails here. The peers are recorded ones: whole, byte by byte, cut and damaged
anywhere, of every other protocol, endless, and plain noise.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain, repeat

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banner import probes
from banner.dialogue import Probe
from banner.models import End, Service

from . import conversation, recordings
from .conversation import Played, Recording, Turn, cut, damage, play, server

SENT = 4096
"""Bytes that a dialogue may send in all, whatever the peer says: a few hellos, and as many refusals of
telnet options as there are options."""
CUTS = 400
"""Places where a recording is cut; long ones are cut at every n-th byte."""

PROBES = probes.all()
RECORDED = recordings.everything()
EACH = [(probe, recording) for probe in PROBES for recording in RECORDED.get(probe.name, ())]

STARTED = [
    (probe, recording) for probe, recording in EACH if any(turn.who == "tls" for turn in recording.turns)
]


def named(each: list[tuple[Probe, Recording]]) -> pytest.MarkDecorator:
    """One test for each recording, named after it."""
    ids = [f"{probe.name}: {recording.title}" for probe, recording in each]
    return pytest.mark.parametrize(("probe", "recording"), each, ids=ids)


every_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
every_recording = named(EACH)
quickly = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
DETAILS = msgspec.json.Encoder()


def listen(probe: Probe, recording: Recording, *, size: int = 0, greeting: bool = True) -> Played:
    """The recorded conversation, held once more."""
    return play(
        probe,
        recording.turns,
        size=size,
        greeting=greeting,
        deep=recording.deep,
        tls=recording.tls,
        port=recording.port,
        end=recording.end,
    )


def check(played: Played) -> None:
    """What every conversation leaves behind, however it went."""
    wire = played.wire
    assert played.service is None or isinstance(played.service, Service)
    assert played.service is None or "" not in msgspec.structs.astuple(played.service)
    assert len(wire.received) <= wire.limit
    assert len(wire.sent) <= SENT
    assert len(DETAILS.encode(wire.details)) < 64 * 1024
    if played.service:
        DETAILS.encode(played.service)


def loosely(probe: Probe, turns: Iterable[Turn], **how: object) -> Played:
    """`probe` before a peer that goes on whatever it is told."""
    played = play(probe, turns, strict=False, **how)  # type: ignore[arg-type]  # forwarded as they came
    check(played)
    return played


@every_probe
def test_it_has_a_recording_that_it_recognises(probe: Probe) -> None:
    recorded = RECORDED.get(probe.name, ())
    assert recorded, f"tests/probes/recordings/{probe.name.replace('-', '_')}.py is missing"
    assert any(recording.service for recording in recorded)
    assert not probe.starttls or any(turn.who == "tls" for each in recorded for turn in each.turns)
    titles = [recording.title for recording in recorded]
    assert len(set(titles)) == len(titles)


def test_every_recording_has_its_probe() -> None:
    assert RECORDED.keys() <= {probe.name for probe in PROBES}


@every_recording
def test_a_recorded_peer_whole(probe: Probe, recording: Recording) -> None:
    played = listen(probe, recording)
    check(played)
    assert played.service == recording.service
    assert played.wire.details == recording.details
    assert played.missing == ()
    assert played.ended == (recording.end if recording.ended else None)
    assert bytes(played.wire.sent) == recording.sent()
    assert played.wire.sent or not probe.asks or not recording.sent()


@every_recording
@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_recorded_peer_in_small_segments(probe: Probe, recording: Recording, size: int) -> None:
    for greeting in {True, not probe.greets}:
        played = listen(probe, recording, size=size, greeting=greeting)
        assert played.service == recording.service
        assert played.wire.details == recording.details
        assert bytes(played.wire.sent) == recording.sent()


@every_recording
def test_a_peer_cut_anywhere(probe: Probe, recording: Recording) -> None:
    length = len(recording.said())
    names = {recording.service.name} if recording.service else set()
    for end in (End.EOF, End.RESET, End.DEADLINE):
        for at in range(0, length, max(1, 3 * length // CUTS)):
            played = loosely(
                probe,
                cut(recording.turns, at),
                end=end,
                deep=recording.deep,
                tls=recording.tls,
                port=recording.port,
            )
            assert played.service is None or played.service.name in names, at


@every_recording
@quickly
@given(data=st.data())
def test_a_peer_damaged_anywhere(probe: Probe, recording: Recording, data: st.DataObject) -> None:
    turns: list[Turn] = list(recording.turns)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(recording.said()) - 1)))
        noise = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"\r\n", b"\0\0\0\0", b"\xff" * 4, b"-", b"{" * 99])
        )
        turns = damage(turns, at, data.draw(st.integers(0, 8)), noise)
    loosely(
        probe,
        turns,
        size=data.draw(st.sampled_from([0, 1, 5])),
        deep=data.draw(st.booleans()),
        tls=recording.tls,
        handshake=data.draw(st.booleans()),
        end=data.draw(st.sampled_from([End.EOF, End.RESET, End.DEADLINE])),
    )


@every_probe
@quickly
@given(said=st.lists(st.binary(max_size=300), max_size=5), size=st.sampled_from([0, 1]), deep=st.booleans())
def test_a_peer_of_noise(probe: Probe, said: list[bytes], size: int, deep: bool) -> None:
    loosely(probe, map(server, said), size=size, deep=deep)


@every_probe
def test_other_protocols_are_not_claimed(probe: Probe) -> None:
    for other, recorded in RECORDED.items():
        for recording in recorded:
            if other == probe.name or probe.name in recording.also:
                continue
            for port in (40000, *probe.ports[:1]):
                for deep in (False, True):
                    played = loosely(probe, recording.turns, port=port, deep=deep, tls=recording.tls)
                    assert played.service is None, f"claims {other}: {recording.title}"
                    assert played.wire.found is None, f"claims {other}: {recording.title}"


@every_probe
@pytest.mark.parametrize("deep", [False, True])
def test_an_echo_is_not_claimed(probe: Probe, deep: bool) -> None:
    """Our own words are nobody's answer; in JDWP alone both sides say the same."""
    for port in (40000, *probe.ports[:1]):
        echoed = conversation.echoed(probe, port=port, deep=deep)
        check(echoed)
        assert echoed.wire.found is None or probe.name == "jdwp"


@pytest.mark.parametrize("probe", [p for p in PROBES if p.greets], ids=lambda probe: probe.name)
def test_a_foreign_greeting_is_let_go_without_waiting_in_silence(probe: Probe) -> None:
    """A whole greeting of another protocol costs no deadline: the dialogue speaks, pauses, or is done."""
    for other, recorded in RECORDED.items():
        for recording in recorded:
            first = recording.turns[0]
            if other == probe.name or not probes.get(other).greets or first.who != "server":
                continue
            played = loosely(probe, [first], end=End.DEADLINE)
            assert played.ended is None or played.wire.sent, f"waits for more of {other}: {recording.title}"
            # FTP's, SMTP's and NNTP's codes are alike; nobody else's greeting is spoken to by mistake.
            assert first.data[:3].isdigit() or not played.wire.sent, f"speaks to {other}: {recording.title}"


@every_recording
def test_a_peer_that_never_stops(probe: Probe, recording: Recording) -> None:
    said = [turn for turn in recording.turns if turn.who == "server" and turn.data]
    lines = [server(line) for line in recording.said()[:2048].splitlines(keepends=True)[:40]]
    for flood in [*said, *lines]:
        for deep in (False, True):
            for size in (0, 3):
                before = () if flood is said[0] else said[:1]
                loosely(probe, chain(before, repeat(flood)), size=size, deep=deep, most=probe.limit + 100)


@every_probe
@pytest.mark.parametrize(
    "byte", [b"\0", b"\xff", b"\n", b"A", b"\xff\xfd\x01", b"220-\r\n", b"* OK\r\n", b"{"]
)
def test_a_flood_of_one_byte(probe: Probe, byte: bytes) -> None:
    loosely(probe, repeat(server(byte * 500)), most=probe.limit + 100)
    for said in [recording.turns[:1] for recording in RECORDED.get(probe.name, ())]:
        loosely(probe, chain(said, repeat(server(byte * 500))), deep=True, most=probe.limit + 100)


@every_probe
def test_a_peer_that_drips_costs_little(probe: Probe) -> None:
    """Every byte by itself up to the limit: the cost grows with the bytes, not with their square."""
    said = [
        turn.data for each in RECORDED.get(probe.name, ())[:2] for turn in each.turns if turn.who == "server"
    ]
    start = time.process_time()
    floods = [
        *said,
        b"\n",
        b"<!---->",
        b"<!-- ",
        b"A",
        b"\xff",
        b"<stream:stream ",
        b"<a x ",
        b'"A" ',
        b"SSH",
        b"{",
        b"<title",
    ]
    for flood in floods:
        loosely(probe, repeat(server(flood)), size=1, deep=True, most=probe.limit + 100)
    assert time.process_time() - start < 0.5 * len(floods), "seconds"


@every_recording
@pytest.mark.parametrize("limit", [1, 3, 16, 100])
def test_it_never_reads_beyond_its_limit(probe: Probe, recording: Recording, limit: int) -> None:
    for size in (0, 1):
        loosely(probe, recording.turns, limit=limit, size=size, deep=recording.deep)


@named(STARTED)
def test_a_handshake_that_fails_ends_it(probe: Probe, recording: Recording) -> None:
    at = next(at for at, turn in enumerate(recording.turns) if turn.who == "tls")
    sent = b"".join(turn.data for turn in recording.turns[:at] if turn.who == "client")
    played = loosely(probe, recording.turns, handshake=False, deep=recording.deep, port=recording.port)
    assert bytes(played.wire.sent) == sent, "speaks on a connection that cannot carry it"
    assert played.service is not None
    assert recording.service is not None
    assert played.service.name == recording.service.name
