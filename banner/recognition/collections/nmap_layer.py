"""Rules of nmap's format as a layer: asked with the whole greeting, in nmap's order.

Which of nmap's probes an answer belongs to is not known here, so all matches are tried: the NULL probe's first, as
nmap falls back to those last and without asking. A hard match ends the search; after a soft one only matches of the
same service count, as in nmap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from ...models import Service
from ..cpe import formatted
from ..fields import BY_STRUCTURE, NAMES, Reading
from ..matcher import Matcher
from ..need import Need
from ..table import Decoded, Patterns, Table
from .nmap import NmapProbe, NmapRule, filled

HARD, SOFT = 0.85, 0.6
"""Confidence of a match with a product, and of a soft match; nmap itself tells no more than that."""

_LONGEST = 256
_OPENINGS = {"http": "HTTP/", "rtsp": "RTSP/", "sip": "SIP/"}
"""What protocols that carry others begin with: UPnP, IPP and DAAP are HTTP too."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class NmapTable(msgspec.Struct, array_like=True):
    """The rules in the order in which they are tried, what each needs, and the probes."""

    rules: list[msgspec.Raw]
    needs: list[Need]
    probes: list[NmapProbe]
    datagrams: list[msgspec.Raw]
    needs_of_datagrams: list[Need]


class NmapLayer:
    """A loaded file."""

    def __init__(self, table: Table) -> None:
        self.table = table
        read = msgspec.msgpack.decode(table.keys["nmap"], type=NmapTable)
        self.rules: Decoded[NmapRule] = Decoded(read.rules, NmapRule)
        self.probes: list[NmapProbe] = read.probes
        self._null = sum(probe.matches for probe in read.probes if probe.name == "NULL")
        self.matcher: Matcher = _matcher(self.rules, read.needs)
        datagrams = Decoded(read.datagrams, NmapRule)
        self._of_datagrams = datagrams, _matcher(datagrams, read.needs_of_datagrams)
        self._asked = lru_cache(256)(self._asked_of)
        self._found = lru_cache(4096)(self._find)
        self._said = lru_cache(8192)(self._say)

    def answer(self, data: bytes, reading: Reading) -> Service | None:
        """`Layer.answer`. Where structure leaves no doubt about the protocol, other protocols' rules are silent.

        Of a greeting, to which nothing was said, only the NULL probe's rules know; of a datagram those of UDP's probes.
        """
        protocol = reading.protocol if reading.confidence >= BY_STRUCTURE else None
        return self._found(data, protocol, reading.greeted, reading.datagram)

    def _find(self, data: bytes, protocol: str | None, greeted: bool, datagram: bool) -> Service | None:
        rules, matcher = self._of_datagrams if datagram else (self.rules, self.matcher)
        soft: tuple[int, tuple[str | None, ...]] | None = None
        for index, match in matcher.matches(data.decode("latin-1"), self._asked(protocol, greeted, datagram)):
            rule = rules[index]
            if soft is not None and rule.service != rules[soft[0]].service:
                continue
            if not rule.soft:
                return self._said(index, match.groups(), protocol, datagram)
            soft = soft or (index, match.groups())
        return self._said(*soft, protocol, datagram) if soft else None

    def _asked_of(self, protocol: str | None, greeted: bool, datagram: bool) -> _Asked:
        rules, end = (
            (self._of_datagrams[0], None) if datagram else (self.rules, self._null if greeted else None)
        )
        return _Asked(rules, end, protocol, _OVER_UDP if datagram else {})

    def _say(
        self, index: int, groups: tuple[str | None, ...], protocol: str | None, datagram: bool
    ) -> Service:
        rules = self._of_datagrams[0] if datagram else self.rules
        found = service_of(rules[index], groups)
        return found if protocol is None else msgspec.structs.replace(found, name=protocol)


class _Asked:
    """The rules that can speak for a protocol, as they are found out."""

    def __init__(
        self,
        rules: Sequence[NmapRule],
        end: int | None,
        protocol: str | None,
        other_names: Mapping[str, str],
    ) -> None:
        """Only those before `end` are asked. `other_names` are those of services, and what they are called here."""
        self._rules = rules
        self._end = end
        self._protocol = protocol
        self._other_names = other_names
        self._known: dict[int, bool] = {}

    def __contains__(self, index: int) -> bool:
        if self._end is not None and index >= self._end:
            return False
        if (protocol := self._protocol) is None:
            return True
        if (known := self._known.get(index)) is None:
            rule = self._rules[index]
            named = self._other_names.get(rule.service) == protocol
            known = self._known[index] = named or agrees(rule, protocol)
        return known


def _matcher(rules: Sequence[NmapRule], needs: list[Need]) -> Matcher:
    return Matcher(Patterns(rules), needs, "latin-1")


_OVER_UDP = {
    "isakmp": "ike", "upnp": "ssdp", "asf-rmcp": "ipmi", "kerberos-sec": "kerberos", "svrloc": "srvloc",
    "murmur": "mumble", "ubiquiti-discovery": "ubiquiti", "zeroconf": "mdns",
}  # fmt: skip
"""Services under nmap's UDP probes, and the dialogues' names for them."""


def agrees(rule: NmapRule, protocol: str) -> bool:
    """Whether `rule` can speak for `protocol`: by its service, or since its pattern asks for that protocol's opening.

    Some patterns take any answer of the right length; nmap holds them against the answer to one probe only.
    """
    opening = _OPENINGS.get(protocol)
    return _name(rule.service) == protocol or (opening is not None and opening in rule.pattern)


def _name(service: str) -> str:
    name = service.lower().removeprefix("ssl/").removesuffix("-proxy")
    return NAMES.get(name, name)


def service_of(rule: NmapRule, groups: tuple[str | None, ...]) -> Service:
    """What `rule` says with its templates filled."""
    values: dict[str, str] = {}
    cpes: list[str] = []
    for name, template in rule.fields:
        text = _UNPRINTABLE.sub(" ", filled(template, groups))[:_LONGEST].strip()
        if name == "cpe":
            if (cpe := formatted(text)) is not None:
                cpes.append(cpe)
        elif text:
            values[name] = text
    return Service(
        _name(rule.service),
        product=values.get("product"),
        version=values.get("version"),
        os=values.get("os"),
        device=values.get("device"),
        info=values.get("info"),
        cpe=tuple(dict.fromkeys(cpes)),
        confidence=SOFT if rule.soft else HARD if "product" in values else 0.75,
        rule=f"nmap/{rule.service}:{rule.line}",
    )
