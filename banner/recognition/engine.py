"""From readings and rules to one answer.

A *layer* is one collection with its rules by key: the built-in ones, then each foreign path. Every layer
answers
by itself (first match wins, fields in their order); the most specific answer of the given
layers is taken, the earlier layer's of equals, and it stands before the built-in one's (`_corrects`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from ..models import Service
from .datagrams import carried
from .fields import LIMIT, Reading
from .headers import completed
from .matcher import Matcher
from .rule import BY_PRODUCT, Finding, Rule
from .servers import serves_others, squeezed
from .structure import readings
from .table import Decoded, KeyTable, Patterns, Table
from .together import together
from .voice import Voice

Fields = tuple[tuple[str, str], ...]
"""Keys and texts for the rules."""
OF_CERTIFICATES = frozenset(("x509.subjects", "x509.issuers"))
"""Keys that are asked where TLS showed a certificate."""
_OF_PARTS = frozenset(("http_header.server",))
"""Fields that list several things, with spaces between them (RFC 9110, section 10.2.4)."""
_FINDINGS = 2048
"""Findings of one key that are remembered; more than fits into a processor's caches makes each new text dearer."""
_ENDS = (b"\n", b"\r", b"\0", b">")
"""How what is whole ends: with a line, a packet's text or a page."""
_TAIL = 16
"""Characters of a field's end by which it is told whether the greeting ends with it."""
_LMTP = "lmtp"
_MOST = 3
"""The `specificity` that no other answer exceeds."""
_SHORT = 256
"""Characters of a field whose finding is remembered: headers are shorter."""
_OF_ONE = frozenset(("http_body",))
"""Fields whose findings are not remembered: pages differ, and each would take the place of a header."""


if TYPE_CHECKING:
    from typing import Protocol

    from ..models import Certificate

    class Layer(Protocol):
        """One collection: what it makes of a greeting, read in one way."""

        table: Table

        def answer(self, data: bytes, reading: Reading) -> Service | None:
            """The layer's own answer, which names its rule; None where no rule speaks."""


class RecogLayer:
    """Collections in Recog's format, asked field by field."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.keys: frozenset[str] = frozenset(table.keys)
        self._loaded = _ByKey(table)

    def first(self, key: str, text: str) -> tuple[Rule, re.Match[str]] | None:
        """The first rule for `key` that matches `text`, and its match."""
        if (loaded := self._loaded[key]) is None:
            return None
        found = loaded.matcher.first(text)
        return None if found is None else (loaded.rules[found[0]], found[1])

    def answer(self, data: bytes, reading: Reading) -> Service | None:
        """`Layer.answer`."""
        found = self.finding(data, reading)
        return None if found is None else found.service

    def finding(self, data: bytes, reading: Reading) -> Finding | None:
        """`answer`, not yet made a `Service`."""
        findings = []
        whole = data.endswith(_ENDS)
        short = min(_SHORT, (len(data) - 1) // 2)
        for key, text in reading.fields:
            if (loaded := self._loaded[key]) is None:
                continue
            if not whole and data.endswith(text[-_TAIL:].encode("utf-8", "replace")):
                found = loaded.find(text, unfinished=True)
            elif len(text) <= short and key not in _OF_ONE:
                # headers come again and again in answers that differ elsewhere
                found = loaded.remembered(text)
            else:
                found = loaded.find(text)
            if found is not None:
                findings.append(found)
                if not found.names_product and key in _OF_PARTS and " " in text and found.service.vendor:
                    findings += _beside(loaded, text)
        if len(findings) == 1 and not reading.info:
            return findings[0]
        return Finding(False, told=together(reading, findings)) if findings else None

    def loaded(self, key: str) -> Loaded:
        """The rules for `key`, ready to be asked. Raises `KeyError` where there are none."""
        if (loaded := self._loaded[key]) is None:
            raise KeyError(key)
        return loaded


class _ByKey(dict[str, "Loaded | None"]):
    """The rules of a table by their keys, each taken up when it is first asked."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[object, Finding] = {}

    def __missing__(self, key: str) -> Loaded | None:
        if (encoded := self._table.keys.get(key)) is None:
            return None
        loaded = self[key] = Loaded(msgspec.msgpack.decode(encoded, type=KeyTable), self._known)
        return loaded


class Loaded:
    """The rules for one key: what they are, how they are found, and how they answer (once they did)."""

    def __init__(self, table: KeyTable, known: dict[object, Finding]) -> None:
        """`known` are answers that the rules of several keys remember together."""
        self.rules: Decoded[Rule] = Decoded(table.rules, Rule)
        self.matcher: Matcher = Matcher(Patterns(self.rules), table.needs)
        self.remembered: Callable[[str], Finding | None] = lru_cache(_FINDINGS)(self.find)
        self._voices: list[Voice | None] = [None] * len(table.rules)
        self._known = known

    def find(self, text: str, unfinished: bool = False) -> Finding | None:
        """What the first rule that matches `text` concludes."""
        if (found := self.matcher.first(text)) is None:
            return None
        index, match = found
        if (voice := self._voices[index]) is None:
            voice = self._voices[index] = Voice(self.rules[index], match.re.groups, self._known)
        return voice.of_unfinished(match) if unfinished else voice.finding(match)


def _beside(loaded: Loaded, text: str) -> list[Finding]:
    """The software that stands beside a device's name: ``WNDR3700 UPnP/1.0 miniupnpd/1.0``."""
    found = (loaded.remembered(part) for part in text.split()[-4:] if "/" in part)
    return [one for one in found if one and one.names_product and one.service.confidence >= BY_PRODUCT]


class Engine:
    """Layers, asked together."""

    def __init__(self, layers: list[Layer], rejected: list[str], built_in: bool = True) -> None:
        """With `built_in`, the first layer is the built-in one: given rules correct it."""
        self.layers = layers
        self.built_in = built_in
        self.rejected = rejected
        recog = [layer for layer in layers if isinstance(layer, RecogLayer)]
        self._alone = recog[0] if len(layers) == 1 == len(recog) else None
        self._of_certificates = [layer for layer in recog if not layer.keys.isdisjoint(OF_CERTIFICATES)]

    def identify(
        self,
        data: bytes,
        port: int | None = None,
        protocol: str | None = None,
        told: Fields = (),
        greeted: bool = False,
        datagram: bool = False,
    ) -> Service | None:
        """`banner.recognition.identify`, nothing remembered; the last three as in `Rules.fresh`."""
        return self.of_readings(data, _ways(data, port, protocol, told, greeted, datagram))

    def encoded(self, data: bytes, port: int | None, told: Fields, greeted: bool) -> bytes | None:
        """`identify`, as a record's ``service``: where one rule speaks, no `Service` is made for it."""
        ways = _ways(data, port, None, told, greeted, False)
        if self._alone is not None and len(ways) == 1 and ways[0].protocol != _LMTP:
            found = self._alone.finding(data, ways[0])
            if found is not None:
                return found.encoded()
            service = _protocol_of(ways[0])
        else:
            service = self.of_readings(data, ways)
        return None if service is None else msgspec.json.encode(service)

    def of_readings(self, data: bytes, ways: list[Reading]) -> Service | None:
        """`identify`, where the ways to read `data` are known, the likeliest first."""
        if len(ways) == 1 == len(self.layers):
            found = self.layers[0].answer(data, ways[0])
            return _protocol_of(ways[0]) if found is None else _as_read(found, ways[0])
        best: Service | None = None
        for reading in ways:
            found = self._most_specific(data, reading)
            if found is None or (found.confidence < BY_PRODUCT and not reading.confidence):
                continue  # a name read by its shape counts where the protocol is believed
            if best is None or specificity(found) > specificity(best):
                best = _as_read(found, reading)
                if specificity(best) == _MOST:
                    break
        return _protocol_of(ways[0]) if best is None and ways else best

    @property
    def asks_certificates(self) -> bool:
        """Whether any collection is asked with the names of certificates."""
        return bool(self._of_certificates)

    def with_certificate(self, service: Service | None, certificate: Certificate) -> Service | None:
        """`service`, and what collections say of the names in its certificate (RFC 4514's form, as Recog has them)."""
        names = {"x509.subjects": certificate.subject, "x509.issuers": certificate.issuer}
        reading = Reading("tls", [(key, name[:LIMIT]) for key, name in names.items() if name])
        for layer in self._of_certificates:
            if (found := layer.answer(b"\n", reading)) is not None:
                service = _beside_certificate(service, found)
        return service

    def _most_specific(self, data: bytes, reading: Reading) -> Service | None:
        best: Service | None = None
        for layer in self.layers[self.built_in :]:
            found = layer.answer(data, reading)
            if found is not None and (best is None or specificity(found) > specificity(best)):
                best = found
        if not self.built_in:
            return best
        own = self.layers[0].answer(data, reading)
        return own if best is None or (own is not None and not _corrects(best, own)) else best


def _beside_certificate(service: Service | None, found: Service) -> Service:
    """`service` and what the names of its certificate told: whichever says more, and a system and a device besides."""
    if service is None or specificity(found) > specificity(service):
        return msgspec.structs.replace(found, name="tls" if service is None else service.name)
    told = {name: getattr(found, name) for name in ("os", "device") if not getattr(service, name)}
    return msgspec.structs.replace(service, **told)


def _corrects(given: Service, own: Service) -> bool:
    """Whether a given rule's answer stands before the built-in one's: of another product always (unless it is only
    what the own one's application runs on), of the same (or of none) where it says no less."""
    given_product, own_product = given.product or "", own.product or ""
    if specificity(given) >= 2 and squeezed(given_product) != squeezed(own_product):
        of_application = specificity(own) >= 2 and not serves_others(own_product)
        return not (of_application and serves_others(given_product))
    return specificity(given) >= specificity(own)


def _ways(
    data: bytes, port: int | None, protocol: str | None, told: Fields, greeted: bool, datagram: bool
) -> list[Reading]:
    ways = readings(data, port, protocol)
    if datagram and protocol is None:
        ways = carried(ways, data)
    if greeted or datagram:
        for way in ways:
            way.greeted, way.datagram = greeted, datagram
    return [completed(way, told) for way in ways] if told else ways


def _protocol_of(way: Reading) -> Service | None:
    """The protocol alone, where the reading is sure of it."""
    if not way.confidence:
        return None
    return Service(way.protocol, version=way.version, info=way.info, confidence=way.confidence)


def _as_read(found: Service, way: Reading) -> Service:
    """LMTP's greeting is SMTP's (RFC 2033, section 4.1), so SMTP's rules read it; it is no SMTP for that."""
    return msgspec.structs.replace(found, name=way.protocol) if way.protocol == _LMTP else found


def specificity(service: Service) -> int:
    """How much an answer says: 3 product and version, 2 product, 1 vendor, device or system, 0 the protocol.

    A generic rule's guess (confidence below 0.75) counts as 1, whatever it names: any rule made for a
    product beats it.
    """
    if service.product and service.confidence >= BY_PRODUCT:
        return 3 if service.version else 2
    return 1 if service.product or service.vendor or service.device or service.os else 0
