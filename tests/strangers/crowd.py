"""The strangers of a seed: each a recording, or a bomb, with a few mutations, at an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

from banner import Target, probes
from tests.probes.conversation import Recording
from tests.probes.recordings import everything

from .acts import Act, End, Flood, Hear, Say, Secure
from .bombs import BOMBS

UNKNOWN = range(22300, 27000)
"""Ports at which nothing is usual (as of `banner.testing`)."""

Acts = list[Act]
ENDS = ("hold", "close", "half", "reset")
VERSIONS = ("TLSv1.3", "TLSv1.3", "TLSv1.2", "TLSv1")


@dataclass(frozen=True)
class Stranger:
    """One peer."""

    number: int
    title: str
    """What it was made of: a recording's probe and the mutations."""
    host: str
    port: int
    acts: tuple[Act, ...]

    @property
    def target(self) -> Target:
        """Where it listens."""
        return Target(self.host, self.port)

    @property
    def slowed(self) -> bool:
        """Whether it speaks in pieces, or unasked and then once more: a dialogue may be over with the first of them,
        or with some more."""
        says = [place for place, act in enumerate(self.acts) if isinstance(act, Say)]
        heard = [place for place, act in enumerate(self.acts) if isinstance(act, Hear)]
        if len(says) > 1 and heard and says[0] < heard[0]:
            return True
        in_pieces = any(isinstance(act, Say) and act.size for act in self.acts)
        return in_pieces or any(isinstance(a, Say) and isinstance(b, Say) for a, b in pairwise(self.acts))

    @property
    def resets(self) -> bool:
        """Whether its connections end with a reset."""
        return bool(self.acts) and self.acts[-1] == End("reset")

    def __str__(self) -> str:
        return f"{self.number} {self.host}:{self.port} {self.title}"


def stranger(seed: int, number: int, lowest: int = 1024, street: int = 0) -> Stranger:
    """The `number`th of a seed; one asks for ports from `lowest` on, as far as it may have them.

    The same peers stand at other addresses in another `street`: a process's number, where several are served at once.
    """
    random = Random(f"{seed}/{number}")
    if random.random() < 0.2:
        bomb = random.choice(BOMBS)
        probe = random.choice(sorted(everything()))
        title, acts = bomb.__name__, _around(random, bomb(random))
    else:
        probe = random.choice(sorted(everything()))
        title, acts = probe, played(random, random.choice(everything()[probe]))
    for mutation in random.choices(MUTATIONS, k=random.choice((0, 1, 1, 2, 3))):
        acts = mutation(random, acts)
        title += f" {mutation.__name__}"
    if not isinstance(acts[-1], End):
        acts.append(End(random.choice(ENDS)))
    block = 64 + (random.randrange(187) + street // 256) % 187
    host = f"127.{block}.{(number >> 8) + street & 255}.{number & 255}"
    return Stranger(number, title, host, _port(random, probe, lowest), tuple(acts))


def strangers(seed: int, numbers: range, lowest: int = 1024, street: int = 0) -> Iterator[Stranger]:
    """Those of a seed."""
    return (stranger(seed, number, lowest, street) for number in numbers)


def _port(random: Random, name: str, lowest: int) -> int:
    known = [port for port in usual(name) if lowest <= port < 32768]
    return random.choice(known) if known and random.random() < 0.5 else random.choice(UNKNOWN)


@cache
def usual(name: str) -> tuple[int, ...]:
    """The ports of a probe."""
    return next((probe.ports + probe.tls_ports for probe in probes.all() if probe.name == name), ())


def played(random: Random, recording: Recording) -> Acts:
    """The acts of a recorded peer: it answers to anything, or only to what the probe would say."""
    particular = random.random() < 0.4
    acts: Acts = [Secure(random.choice(VERSIONS))] if recording.tls or random.random() < 0.15 else []
    for turn in recording.turns:
        if turn.who == "server":
            acts.append(Say(turn.data))
        elif turn.who == "client":
            acts.append(Hear(turn.data[:2] if particular else b""))
        else:
            acts.append(Secure(random.choice(VERSIONS)))
    return acts


def _around(random: Random, data: bytes) -> Acts:
    """A bomb: at once, or as an answer; inside TLS or not."""
    said: Acts = [Secure(random.choice(VERSIONS))] if random.random() < 0.2 else []
    return [*said, *[Hear()] * random.randint(0, 1), Say(data)]


def _talk(acts: Acts) -> list[int]:
    return [number for number, act in enumerate(acts) if isinstance(act, Say) and act.data]


def _changed(random: Random, acts: Acts, change: Callable[[bytes], bytes]) -> Acts:
    """With one of its sayings changed."""
    if talk := _talk(acts):
        at = random.choice(talk)
        said = acts[at]
        assert isinstance(said, Say)
        acts[at] = Say(change(said.data), said.size, said.pause)
    return acts


def cut(random: Random, acts: Acts) -> Acts:
    """It breaks off inside a saying, and ends."""
    if not (talk := _talk(acts)):
        return acts
    at = random.choice(talk)
    said = acts[at]
    assert isinstance(said, Say)
    return [*acts[:at], Say(said.data[: random.randrange(len(said.data))]), End(random.choice(ENDS))]


def mixed(random: Random, acts: Acts) -> Acts:
    """It goes on as another."""
    other = played(random, random.choice(everything()[random.choice(sorted(everything()))]))
    return [
        *acts[: random.randint(0, len(acts))],
        *other[random.randint(0, len(other)) :],
        End(random.choice(ENDS)),
    ]


def repeated(random: Random, acts: Acts) -> Acts:
    """It says something many times over, or without an end."""
    if random.random() < 0.3 and (talk := _talk(acts)):
        at = random.choice(talk)
        said = acts[at]
        assert isinstance(said, Say)
        return [*acts[:at], Flood(said.data), End(random.choice(ENDS))]
    times = random.choice((2, 3, 20, 300))
    return _changed(random, acts, lambda data: (data * times)[: 1 << 18])


def parroting(random: Random, acts: Acts) -> Acts:
    """It gives the same answer to whatever comes, again and again."""
    talk = _talk(acts)
    return acts if not talk else [*acts[: talk[-1] + 1], *[Hear(), acts[talk[-1]]] * random.randint(1, 20)]


def slowed(random: Random, acts: Acts) -> Acts:
    """It speaks in small pieces."""
    size, pause = random.choice((1, 2, 7, 100)), random.choice((0, 0.001, 0.01))
    return [Say(act.data, size, pause) if isinstance(act, Say) else act for act in acts]


def halved(random: Random, acts: Acts) -> Acts:
    """It closes its side, or all, before it is done."""
    return [*acts[: random.randint(0, len(acts))], End(random.choice(ENDS))]


def hasty(random: Random, acts: Acts) -> Acts:
    """It answers before it was asked."""
    return [act for act in acts if not isinstance(act, Hear)]


def another_inside(random: Random, acts: Acts) -> Acts:
    """After STARTTLS it speaks something else: another protocol inside, or without TLS, or a bomb."""
    secure = [number for number, act in enumerate(acts) if isinstance(act, Secure)]
    until = random.choice(secure) + random.randint(0, 1) if secure else len(acts)
    other: Acts = played(random, random.choice(everything()[random.choice(sorted(everything()))]))
    return [*acts[:until], *random.choice((other, [Say(random.choice(BOMBS)(random))]))]


def lying(random: Random, acts: Acts) -> Acts:
    """Bytes that may be lengths are others: the largest, the smallest, one more, in both orders."""

    def change(data: bytes) -> bytes:
        at, size = random.randrange(min(len(data), 64)), random.choice((1, 2, 3, 4, 8))
        value = int.from_bytes(data[at : at + size]) + random.choice((-1, 1))
        largest = (1 << 8 * size) - 1
        chosen = random.choice((0, 1, largest, largest >> 1, largest - 1, value & largest))
        return data[:at] + chosen.to_bytes(size, random.choice(("big", "little"))) + data[at + size :]

    return _changed(random, acts, change)


def counting(random: Random, acts: Acts) -> Acts:
    """Numbers written in digits are others."""

    def change(data: bytes) -> bytes:
        digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
        if not digits:
            return data
        at = random.choice(digits)
        return data[:at] + random.choice((b"9" * 30, b"-1", b"0", b"9" * 4301, b"", b"1e5")) + data[at + 1 :]

    return _changed(random, acts, change)


def damaged(random: Random, acts: Acts) -> Acts:
    """A few bytes are others, too many or missing."""

    def change(data: bytes) -> bytes:
        at = random.randrange(len(data))
        return data[:at] + random.randbytes(random.randint(0, 4)) + data[at + random.randint(0, 4) :]

    return _changed(random, acts, change)


MUTATIONS = (
    cut, mixed, repeated, parroting, slowed, halved, hasty, another_inside, lying, lying, counting, damaged
)  # fmt: skip
