"""What is asked at a UDP port, and in which order: at most three datagrams, for no answer tells more than a few.

Who listens there says nothing by himself, so silence tells nothing, and every question may be one too many. At a
port with a usual service that one is asked, and once more where nothing came; at any other one empty datagram leaves,
which a closed port refuses and an open one may answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from ..dialogue import Datagrams, Probe, Talk
from ..models import Mode, Settings, Transport
from ..recognition.identify import Rules, built_in_rules
from .hellos import MUTE
from .known import known, owners

MOST = 3
"""Datagrams sent at most to one target, whatever is asked there and at however many addresses."""

UNEXPECTED = ("dns", "sip", "openvpn", "stun", "snmp", "ntp")
"""Who is asked at a port of which nothing is known, in full mode, in this order: who is met most at ports of an
operator's own choice. `MOST` of them."""

CONTROLLERS = {2222: "EtherNet/IP's input and output", 34980: "EtherCAT", 48899: "Beckhoff ADS"}
"""Industrial protocols that are spoken over UDP alone, by their usual ports (IANA's registry, the vendors' manuals)."""
GENERATORS = {17: "qotd", 19: "chargen"}
"""Services that answer every datagram, an empty one too, with more (RFC 865, RFC 864): to send one is to ask them."""
MUTE_OVER_UDP = MUTE | CONTROLLERS.keys() | GENERATORS.keys()
"""Ports to which nothing is sent, not even an empty datagram."""


def _nothing(wire: Datagrams) -> Talk:
    """Send one empty datagram: a closed port refuses it, and a few services answer to whatever comes (RFC 867)."""
    wire.send(b"")
    yield from wire.datagram()
    return None


EMPTY = Probe("empty", _nothing, transport=Transport.UDP)
"""What is asked where no service is usual."""


class Questions:
    """The questions of one scan: its mode, its choice of probes, and its rules."""

    def __init__(self, settings: Settings, rules: Rules, there: Iterable[Probe]) -> None:
        self.mode: Mode = settings.mode
        self.rules = rules
        self._named = frozenset(settings.probes)
        self._probes = [probe for probe in there if self._permitted(probe, settings)]
        self.at: Callable[[int], tuple[Probe, ...]] = lru_cache(4096)(self._at)

    def _permitted(self, probe: Probe, settings: Settings) -> bool:
        if probe.name in settings.without:
            return False
        full = settings.mode is Mode.FULL
        if settings.mode is Mode.TLS:
            return probe.name == "dtls"
        if settings.probes:
            return probe.name in settings.probes and (full or not probe.fragile)
        return not probe.fragile and (full or not probe.full)

    def refusal(self, port: int) -> str | None:
        """Why nothing is sent to `port`; None where something is."""
        if self.mode is Mode.LISTEN:
            return "nothing was asked: over UDP nobody speaks first, and this mode only listens"
        if self.at(port):
            return None
        if port in GENERATORS:
            return f"nothing was asked: {GENERATORS[port]} answers any datagram with more"
        return f"nothing was asked: bytes may disturb what listens at port {port}"

    def _at(self, port: int) -> tuple[Probe, ...]:
        """What to ask at `port`: one question after the other, each with a datagram; one that comes again is repeated.

        Empty where nothing may be sent.
        """
        if self.mode is Mode.LISTEN:
            return ()
        if port in MUTE_OVER_UDP:
            return _in_turn(owners(self._probes, port)) if self.mode is Mode.FULL else ()
        usual = [probe for probe in self._probes if port in probe.ports]
        others = self._probes if self._named else ()
        asked = usual + [probe for probe in others if probe not in usual]
        if not asked and self.mode is Mode.FULL and not self._named:
            known = {probe.name: probe for probe in self._probes}
            asked = [known[name] for name in UNEXPECTED if name in known]
        return _in_turn(asked) if asked else (EMPTY,)


def _in_turn(asked: Sequence[Probe]) -> tuple[Probe, ...]:
    """Each of `asked` once, and then, where there is room, the first again."""
    once = tuple(asked[:MOST])
    return (*once, *once[: min(1, MOST - len(once))])


def questions(settings: Settings) -> Questions:
    """The questions for these settings; the rules and the probes are loaded when first needed."""
    return _questions(settings.mode, settings.probes, settings.without, settings.rules, settings.own)


@lru_cache(16)
def _questions(
    mode: Mode,
    chosen: tuple[str, ...],
    without: tuple[str, ...],
    given: Rules | None,
    own: tuple[Probe, ...],
) -> Questions:
    settings = Settings(mode=mode, probes=chosen, without=without, rules=given, own=own)
    there = () if mode is Mode.LISTEN else known(settings, Transport.UDP)
    return Questions(settings, given or built_in_rules(), there)
