"""Recorded conversations, and the driver without a socket that holds them with a probe.

A `Recording` is what a peer and a probe said to each other, in turns: ``server(b"...")`` is what the peer
said, ``client(b"...")`` what the probe said, ``TLS`` a handshake that succeeded. ``play`` answers each wait
of the dialogue with the peer's next bytes, in segments of any size. Strictly, the probe must say what was
recorded, byte by byte; loosely, the peer goes on whatever it is told (for peers that are cut, damaged or
another service altogether).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from banner.dialogue import Ended, Probe, Want, Wire
from banner.models import End, Service


@dataclass(frozen=True)
class Turn:
    """One side's bytes, up to where the other side speaks (or TLS starts)."""

    who: str
    data: bytes = b""
    port: int | None = None
    """Over UDP: the other port from which it came."""


def server(data: bytes, port: int | None = None) -> Turn:
    """The peer says `data`; over UDP in one datagram, from `port` where that is another than was asked."""
    return Turn("server", data, port)


def client(data: bytes) -> Turn:
    """The probe says `data`: all that it sends before it waits, or before it is done."""
    return Turn("client", data)


TLS = Turn("tls")
"""A TLS handshake, and it succeeds."""


@dataclass(frozen=True)
class Recording:
    """One whole conversation and what the probe must make of it."""

    title: str
    """Software and version, and what is special: ``Postfix 3.7.11, Debian 12, STARTTLS``."""
    source: str
    """``recorded`` from the daemon, or the text that shows it: ``RFC 5804, section 1.3``."""
    turns: tuple[Turn, ...]
    service: Service | None
    details: dict[str, Any] = field(default_factory=dict)
    deep: bool = False
    tls: bool = False
    """Whether the connection is inside TLS from its start."""
    port: int | None = None
    """The probe's first port where None."""
    end: End = End.EOF
    """How the peer's side ends where the dialogue waits for more than the turns hold."""
    ended: bool = False
    """Whether the dialogue is left waiting (`Ended` is raised after its claim, which is ``service``)."""
    also: tuple[str, ...] = ()
    """Other probes that may rightly claim this conversation."""

    def said(self) -> bytes:
        """Everything that the peer said."""
        return b"".join(turn.data for turn in self.turns if turn.who == "server")

    def sent(self) -> bytes:
        """Everything that the probe said."""
        return b"".join(turn.data for turn in self.turns if turn.who == "client")


@dataclass(frozen=True)
class Played:
    """What came of it."""

    wire: Wire
    service: Service | None
    """What the dialogue returned or, where it was left waiting, what it had claimed."""
    ended: End | None
    """The reason that was raised, if one was."""
    waits: int
    missing: tuple[Turn, ...]
    """Turns that the dialogue did not come to."""


class MismatchError(AssertionError):
    """The probe said something else than was recorded, or waited where nothing may come."""


def play(
    probe: Probe,
    turns: Iterable[Turn],
    *,
    size: int = 0,
    greeting: bool = True,
    strict: bool = True,
    deep: bool = False,
    tls: bool = False,
    port: int | None = None,
    handshake: bool = True,
    end: End = End.EOF,
    limit: int | None = None,
    most: int = 100_000,
) -> Played:
    """Hold `probe`'s dialogue with the peer of `turns`.

    `size` bytes come at a time (0: a turn at once). With `greeting`, the first of them are there before a
    listen-first dialogue starts, as in the drivers. `handshake` is what `start_tls` comes to. More than
    `most` waits are a `MismatchError`: the dialogue does not end.
    """
    where = port if port is not None else next(iter(probe.ports + probe.tls_ports), 0)
    wire = Wire("host.example", where, limit=limit or probe.limit, deep=deep, tls=tls)
    peer = _Peer(turns, size, strict)
    if probe.greets and greeting and (first := peer.hear(b"", speaking=True)):
        wire.feed(first[: wire.room()])
    talk, waits = probe.talk(wire), 0
    try:
        while True:
            want = next(talk)
            waits += 1
            _check(wire, want, waits, most)
            _answer(wire, peer, want, handshake, end)
    except StopIteration as done:
        peer.close(wire.outgoing())
        return Played(wire, done.value, None, waits, peer.left())
    except Ended as ended:
        peer.close(wire.outgoing())
        return Played(wire, wire.found, ended.end, waits, peer.left())


def echoed(probe: Probe, *, port: int, deep: bool = False) -> Played:
    """Hold `probe`'s dialogue with a peer that sends back whatever it is told, and then waits."""
    wire = Wire("host.example", port, limit=probe.limit, deep=deep)
    talk, waits = probe.talk(wire), 0
    try:
        while True:
            want = next(talk)
            waits += 1
            _check(wire, want, waits, 1000)
            if want is Want.TLS:
                wire.close(End.EOF)
            elif data := wire.outgoing():
                wire.feed(data[: wire.room()])
            elif want is Want.PAUSE:
                wire.paused = True
            else:
                wire.close(End.DEADLINE)
    except StopIteration as done:
        return Played(wire, done.value, None, waits, ())
    except Ended as ended:
        return Played(wire, wire.found, ended.end, waits, ())


def _answer(wire: Wire, peer: _Peer, want: Want, handshake: bool, end: End) -> None:
    if want is Want.TLS:
        peer.shake(wire.outgoing())
        wire.tls = handshake
        if not handshake:
            wire.close(End.EOF)
    elif data := peer.hear(wire.outgoing(), speaking=want is Want.BYTES):
        wire.feed(data[: wire.room()])
    elif want is Want.PAUSE and end is not End.RESET:
        wire.paused = True
    else:
        wire.close(end)


def _check(wire: Wire, want: Want, waits: int, most: int) -> None:
    if waits > most:
        raise MismatchError(f"the dialogue does not end: {waits} waits")
    if wire.end is not None:
        raise MismatchError("the dialogue waits for a peer that has gone")
    if want is not Want.TLS and not wire.room():
        raise MismatchError("the dialogue waits for more than its limit")


class _Peer:
    """The recorded peer: what it says next, given what it was told."""

    def __init__(self, turns: Iterable[Turn], size: int, strict: bool) -> None:
        self._turns: Iterator[Turn] = iter(turns)
        self._ahead: deque[Turn] = deque()
        self._segments: deque[bytes] = deque()
        self._size = size
        self._strict = strict
        self._told = b""

    def hear(self, data: bytes, *, speaking: bool) -> bytes:
        """The next segment after `data` was heard; empty where nothing comes.

        Unless `speaking`, only an answer comes: what follows something that was told, or the rest of a turn.
        """
        self._told += data
        if not self._segments and (speaking or self._told):
            self._advance()
        return self._segments.popleft() if self._segments else b""

    def shake(self, data: bytes) -> None:
        self._told += data
        self._match()
        if (turn := self._next()) and turn.who != "tls":
            if self._strict:
                raise MismatchError(f"the dialogue starts TLS where this was recorded: {turn}")
            self._ahead.appendleft(turn)

    def close(self, data: bytes) -> None:
        self._told += data
        self._match()

    def left(self) -> tuple[Turn, ...]:
        return tuple(islice([*self._ahead, *islice(self._turns, 10)], 10))

    def _advance(self) -> None:
        self._match()
        while turn := self._next():
            if turn.who == "server":
                step = self._size or len(turn.data) or 1
                self._segments.extend(turn.data[at : at + step] for at in range(0, len(turn.data), step))
                return
            if self._strict:
                raise MismatchError(f"the dialogue waits where this was recorded: {turn}")

    def _match(self) -> None:
        """What was told is what was recorded."""
        told, self._told = self._told, b""
        if not self._strict:
            return
        turn = self._next()
        if turn is not None and turn.who == "client" and turn.data == told:
            return
        if turn is not None:
            self._ahead.appendleft(turn)
        if told:
            raise MismatchError(f"the dialogue says {told!r} where this was recorded: {turn}")

    def _next(self) -> Turn | None:
        return self._ahead.popleft() if self._ahead else next(self._turns, None)


def cut(turns: Iterable[Turn], at: int) -> list[Turn]:
    """The turns of a peer that breaks off after `at` bytes."""
    kept: list[Turn] = []
    for turn in turns:
        if turn.who == "server":
            if at < len(turn.data):
                return [*kept, server(turn.data[:at])]
            at -= len(turn.data)
        kept.append(turn)
    return kept


def damage(turns: Iterable[Turn], at: int, dropped: int, noise: bytes) -> list[Turn]:
    """The turns with `dropped` of the peer's bytes from `at` replaced by `noise`."""
    changed: list[Turn] = []
    for turn in turns:
        if turn.who == "server":
            if 0 <= at < len(turn.data):
                turn = server(turn.data[:at] + noise + turn.data[at + dropped :])
                at = -1
            else:
                at -= len(turn.data)
        changed.append(turn)
    return changed
