"""The driver of recorded conversations over UDP: datagrams whole, cut, damaged, lost or doubled, without a socket.

Each ``client(b"...")`` of a `Recording` is one datagram that the probe sends, each ``server(b"...")`` one that it gets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from banner import Transport, probes
from banner.dialogue import Datagrams, Ended, Probe, Want
from banner.models import End

from .conversation import MismatchError, Played, Turn, server


def exchange(
    probe: Probe,
    turns: Iterable[Turn],
    *,
    strict: bool = True,
    deep: bool = False,
    port: int | None = None,
    limit: int | None = None,
    most: int = 100,
) -> Played:
    """Hold `probe`'s dialogue with the peer of `turns`, which says nothing more once they are over.

    Strictly, the probe must say what was recorded; loosely, the peer goes on whatever it is told.
    """
    wire = Datagrams("host.example", port or probe.ports[0], limit=limit or probe.limit, deep=deep)
    waiting, talk, waits = deque(turns), probe.talk(wire), 0
    service, ended = None, None
    try:
        while True:
            want = next(talk)
            waits += 1
            if want is not Want.BYTES or waits > most:
                raise MismatchError(f"wait {waits} is for {want}")
            _hear(wire, waiting, strict)
    except StopIteration as done:
        service = done.value
    except Ended as left:
        service, ended = wire.found, left.end
    _match(wire, waiting, strict)
    return Played(wire, service, ended, waits, tuple(waiting))


def _hear(wire: Datagrams, waiting: deque[Turn], strict: bool) -> None:
    """The next datagram, or the deadline."""
    _match(wire, waiting, strict)
    if waiting and waiting[0].who == "server":
        turn = waiting.popleft()
        wire.arrived(turn.data, turn.port)
    else:
        wire.close(End.DEADLINE)


def _match(wire: Datagrams, waiting: deque[Turn], strict: bool) -> None:
    for said in wire.leaving():
        if strict and (not waiting or waiting.popleft() != Turn("client", said)):
            raise MismatchError(f"the dialogue says {said!r} where something else was recorded")
    while not strict and waiting and waiting[0].who == "client":
        waiting.popleft()


def told(name: str, *answers: bytes, deep: bool = False, port: int | None = None) -> Played:
    """What the dialogue makes of these datagrams, one after the other."""
    return exchange(probes.get(name, Transport.UDP), map(server, answers), strict=False, deep=deep, port=port)
