"""Bytes to `Service`: structure tells the protocol, rules tell the software. Never touches the network.

``identify(data)`` uses the built-in rules. `Rules` is the same with a choice of collections; each object is
independent of every other. Confidence: 0.9 a product and its version by a rule made for them, 0.85 a product,
0.75 a vendor, device or system; generic rules, which read a name by its shape, 0.6; the protocol alone 0.5 by
structure, 0.4 by words, 0.2 by port. docs/rules.md tells the rest. This module is imported with the package,
so it imports the engine only when the first rules are loaded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..text.taken import check_bytes, check_paths, check_port, check_whole
from .fields import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from ..models import Certificate, Service
    from .engine import Engine, Fields
    from .fields import Reading
    from .load import Packed

READ = 65536
"""Bytes of an answer that are read: pages have their titles behind long heads. Of each field, and of what is no page,
`LIMIT`."""


class Rules:
    """The built-in rules, and any number of foreign collections beside them.

    `paths` are folders or files of Recog XML, or nmap-service-probes files. Loading raises `OSError` for what
    cannot be read and `ValueError` for what is no collection; a single rule that cannot be honoured is left
    out and named in `rejected`. Of two answers the more specific wins (product and version before product
    before vendor, device or system before protocol), of equals the path given first. What is given corrects what
    is built in: its product stands, and of the same product the answer that says more.

    The last `remembered` greetings are answered from memory: a scan hears the same ones over and over.
    """

    def __init__(self, *paths: str | Path, built_in: bool = True, remembered: int = 16384) -> None:
        from .load import load

        check_paths(paths)
        check_whole("remembered", remembered)
        self._remember(load(paths, built_in=built_in), built_in, remembered)

    def _remember(self, engine: Engine, built_in: bool, remembered: int) -> None:
        self._engine = engine
        self._made_with = built_in, remembered
        self._identify = lru_cache(remembered)(engine.identify)
        self._encoded = lru_cache(remembered)(engine.encoded)

    def __reduce__(self) -> tuple[Any, ...]:
        # To other machines the foreign rules go along; the built-in ones are there. What a caller's own kind of rules
        # holds besides is its state.
        from .load import packed

        rest = {name: value for name, value in vars(self).items() if name not in _OWN}
        return (
            _unpacked,
            (type(self), packed(self._engine, self._made_with[0]), *self._made_with),
            rest or None,
        )

    @property
    def rejected(self) -> list[str]:
        """The foreign rules that could not be honoured: where each stands, and why."""
        return list(self._engine.rejected)

    def identify(
        self, data: bytes | bytearray | memoryview, *, port: int | None = None, protocol: str | None = None
    ) -> Service | None:
        """The service that greets with `data`, or None where nothing is known. No bytes make it raise."""
        if type(data) is not bytes:
            data = check_bytes(data)
        if port is not None and type(port) is not int:
            port = check_port(port)
        if protocol is not None and not isinstance(protocol, str):
            raise TypeError(f"a protocol is a text, not {protocol!r}")
        if len(data) > LIMIT:  # too long to be remembered
            return self._engine.identify(data[:READ], port, protocol)
        return self._identify(data, port, protocol)

    def fresh(
        self,
        data: bytes,
        port: int | None = None,
        protocol: str | None = None,
        told: Fields = (),
        *,
        greeted: bool = False,
        datagram: bool = False,
    ) -> Service | None:
        """`identify`, neither looked up nor remembered: for those who remember answers themselves.

        `told` are fields that a dialogue parsed (`headers.told`, `datagrams.told`); they count before what `data` shows
        of them. `greeted`: nothing was said before `data` came. `datagram`: it came over UDP.
        """
        return self._engine.identify(data[:READ], port, protocol, told, greeted, datagram)

    def read(self, data: bytes, reading: Reading) -> Service | None:
        """`fresh`, of what a dialogue has read in `data` (`headers.answered`)."""
        return self._engine.of_readings(data[:READ], [reading])

    @property
    def asks_certificates(self) -> bool:
        """Whether a collection has rules for the names in certificates."""
        return self._engine.asks_certificates

    def with_certificate(self, service: Service | None, certificate: Certificate) -> Service | None:
        """`service`, and what the given rules know of the subject and the issuer of its certificate."""
        return self._engine.with_certificate(service, certificate) if self.asks_certificates else service

    def encoded(
        self, data: bytes, port: int | None = None, told: Fields = (), greeted: bool = False
    ) -> bytes | None:
        """`fresh`, as the JSON object of a record's ``service``: for those who write records only."""
        if told or len(data) > LIMIT:
            return self._engine.encoded(data[:READ], port, told, greeted)
        return self._encoded(data, port, told, greeted)


_OWN = ("_engine", "_made_with", "_identify", "_encoded")


def _unpacked(kind: type[Rules], foreign: Packed, built_in: bool, remembered: int) -> Rules:
    from .load import unpacked

    rules = kind.__new__(kind)
    rules._remember(unpacked(foreign, built_in), built_in, remembered)
    return rules


@lru_cache(1)
def built_in_rules() -> Rules:
    """The rules that `identify` uses, loaded when first needed."""
    return Rules()


def identify(
    data: bytes | bytearray | memoryview, *, port: int | None = None, protocol: str | None = None
) -> Service | None:
    """The service that greets with `data`, by the built-in rules, or None where nothing is known.

    `port` breaks ties (``220 `` alone is FTP on 21, SMTP on 25); `protocol` is for those who know whom they
    asked. Of each field, and of what is no web page, 2,048 bytes are read. No bytes raise anything; no network is
    touched. Raises `TypeError` for a text.
    """
    return built_in_rules().identify(data, port=port, protocol=protocol)
