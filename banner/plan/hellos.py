"""Which hellos are said at a port that tells nothing, in which order, how patiently, and where none is.

A `Queue` begins with what is usual at the port, goes on with TLS, and then by prevalence; what a peer did on hearing
one hello (``reactions.py``) puts others first, but only once that hello was said whose reactions tell the most: TLS, or
inside of it HTTP. Names are those of the probes, and ``tls``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..models import Mode
from .reactions import AFTER, INSIDE, NEXT, OLDER, Reaction

ANSWER = 1.5
"""Seconds for the answer to a hello on such a port: a round trip around the world takes 0.3 s, and one lost
packet costs three more of them (RFC 6298, section 2.2, after the handshake's round trip was measured)."""

MOMENT = 1.0
"""Seconds to listen on a port of which nothing is known before speaking. Greetings come within one round trip
unless a server looks up the client's name or holds back on purpose, as mail servers do on their own ports."""

MOST = {Mode.LIGHT: 4, Mode.FULL: 40, Mode.TLS: 4}
"""Connections opened at most for one target. Five handshakes tell 99 % of the services that nobody expected, and two
of them share a connection ("LZR", USENIX Security 2021): four are enough for light mode."""

SAID = {Mode.LISTEN: 0, Mode.LIGHT: 4, Mode.FULL: 80, Mode.TLS: 4}
"""Hellos said at most to one target, TLS's among them each time: it is said again on each further connection inside."""

SPOKEN_TO = {Mode.LIGHT: 3, Mode.FULL: 9}
"""Connections after which a peer that was silent to every hello is listened to with all patience, and no more is said:
there are servers that greet after several seconds, having looked up the client's name, at ports of their own choice.
All of it has room in the 20 seconds that a target has: 2.5 for the first connection, 2.5 for two more, 10 for this."""

SAME, ALIKE = 3, 32
"""Who answers to three hellos with the same first 32 bytes says so to everybody: a proxy's refusal, a generator of
characters (RFC 864), the time (RFC 867), a trap. 32 bytes are most of a line."""

AGAIN = 1.0
"""The same for a peer that has closed or answered before, so quickly does it react, or that was silent twice."""

PREVALENCE = (
    "http", "redis", "postgresql", "mqtt", "sip", "mongodb", "rdp", "smb2", "dns", "ldap", "mssql", "zookeeper",
    "x11", "amqp", "memcached", "rtsp", "xmpp", "kafka", "cassandra", "socks5", "rpcbind", "pptp", "ajp", "jdwp",
    "adb",
)  # fmt: skip
"""Services that wait for the client, the most widespread first (``field`` surveys: nmap-services' frequencies,
raised for databases and queues, which they under-count). Those that are not named here come after."""

ALPN = {
    "http/1.1": "http", "h2": "http2", "ftp": "ftp", "imap": "imap", "pop3": "pop3", "managesieve": "managesieve",
    "xmpp-client": "xmpp", "mqtt": "mqtt", "irc": "irc", "nntp": "nntp", "postgresql": "postgresql", "dot": "dns",
    "tds/8.0": "mssql",
}  # fmt: skip
"""The dialogues of ALPN's names (IANA, "TLS Application-Layer Protocol Negotiation Protocol IDs").
All are offered where the protocol inside is not known: a server that names its own tells which it is, and a strict one
(RFC 7301, section 3.2) refuses who does not know its name. Exim refuses whoever offers several."""
OFFERED = tuple(ALPN)
"""All of them. HTTP/1.1 is before HTTP/2, for those who leave the choice to the client."""

PRINTERS = frozenset({515, *range(9100, 9117)})
"""LPD (RFC 1179) and AppSocket: they print whatever comes. Print servers with several queues listen up to 9116."""
CONTROLLERS = {
    102: "S7 (ISO-on-TCP, RFC 1006)", 502: "Modbus", 789: "Red Lion Crimson",
    1089: "FL-net", 1090: "FL-net", 1091: "FL-net",
    1200: "CODESYS gateway", 1911: "Niagara Fox", 1962: "PCWorx", 2404: "IEC 60870-5-104", 2455: "CODESYS, WAGO",
    4840: "OPC UA", 4911: "Niagara Fox inside TLS", 5006: "MELSEC", 5007: "MELSEC", 5094: "HART-IP", 9600: "OMRON FINS",
    10001: "tank gauges (Veeder-Root ATG)", 11740: "CODESYS gateway", 18245: "GE SRTP", 18246: "GE SRTP",
    19999: "DNP3 with secure authentication", 20000: "DNP3", 20256: "Unitronics PCOM", 20547: "ProConOS",
    34962: "PROFINET", 34963: "PROFINET", 34964: "PROFINET", 44818: "EtherNet/IP", 47808: "BACnet",
    48898: "Beckhoff ADS", 55000: "FL-net", 55001: "FL-net", 55002: "FL-net", 55003: "FL-net",
}  # fmt: skip
"""Industrial protocols by their usual ports (IANA's registry, the vendors' manuals): controllers have failed on stray
bytes."""
MUTE = PRINTERS | CONTROLLERS.keys()
"""Ports to which nothing is written; listening there is allowed."""


class Queue:
    """The hellos that are still to be said: each once, those that a reaction points at first.

    There is one for every visit of an unknown port under way, so it holds little of its own.
    """

    __slots__ = (
        "_agreed", "_ahead", "_answers", "_at", "_early", "_reacted", "_rest", "_said", "_silences", "_tls", "_web",
        "asked_for_tls",
    )  # fmt: skip

    def __init__(self, usual: Sequence[str], secures: bool, rest: Sequence[str]) -> None:
        """`usual` ones come first, then TLS where it `secures`, then the `rest`."""
        self._early = (*usual, "tls") if secures else tuple(usual)
        self._rest = rest
        self._at = 0
        self._ahead: tuple[str, ...] = ()
        self._said: list[str] = []
        self._agreed: tuple[str, ...] = ()
        self._answers: tuple[bytes, ...] = ()
        self._silences = 0
        self._reacted = False
        self._tls: Reaction | None = None
        self._web: Reaction | None = None
        self.asked_for_tls: bool = False

    def pop(self) -> str | None:
        """The next hello; None where all were said."""
        while (name := self._next()) is not None:
            if name not in self._said:
                self._said.append(name)
                return name
        return None

    def _next(self) -> str | None:
        if self._ahead:
            name, *ahead = self._ahead
            self._ahead = tuple(ahead)
            return name
        at, early, rest = self._at, self._early, self._rest
        if at == len(early) + len(rest):
            return None
        self._at += 1
        return early[at] if at < len(early) else rest[at - len(early)]

    def left(self, name: str | None) -> bool:
        """Whether `name` is still to be said; TLS's of long ago, where the one of today was met without a word."""
        if name == OLDER:
            return name not in self._said and self._tls not in (None, Reaction.ANSWER)
        return name not in self._said and (name in self._early or name in self._rest)

    def first(self, *names: str | None) -> None:
        """Let `names` be next, in this order, where they were not said yet."""
        self._ahead = (*(name for name in names if name is not None and self.left(name)), *self._ahead)

    def understood(self, hint: str | None, data: bytes) -> str | None:
        """Whom `hint`, at whom `data` points, means now: who asks for TLS although its hello was said means an old one,
        and so does who says nothing more after he has asked."""
        self.asked_for_tls |= hint == "tls"
        again = self.asked_for_tls and (hint == "tls" or not data)
        return OLDER if again and not self.left("tls") else hint

    def answered(self, data: bytes) -> bool:
        """Note that `data` answered a hello; True where so many were answered alike that none will tell more."""
        if not data:
            return False
        first = data[:ALIKE]
        self._answers = (*self._answers, first)
        # One answer may have come in smaller pieces than the other, of which the first was read.
        return sum(first.startswith(other) or other.startswith(first) for other in self._answers) >= SAME

    def react(self, name: str, reaction: Reaction) -> None:
        """`reaction` is what came of the hello `name`."""
        self._silences += reaction is Reaction.SILENCE
        self._reacted |= reaction is not Reaction.SILENCE
        names = self._pointed_at(name, reaction)
        if not names:
            return
        if not self.left("tls" if "tls" in self._early else "http"):
            self.first(*sorted(names, key=lambda name: name not in self._agreed))
        elif reaction in (Reaction.CLOSE, Reaction.RESET):
            self._agreed += tuple(names)

    def _pointed_at(self, name: str, reaction: Reaction) -> tuple[str, ...]:
        """Whom `reaction` to `name` points at, together with what is known of TLS and HTTP."""
        if "tls" not in self._early:
            if name == "http2" and reaction is Reaction.SILENCE:
                # A server's SETTINGS come first (RFC 9113, section 3.4): this one chose what it does not speak.
                self._said.append(name := "http")
            return INSIDE.get((name, reaction), ())
        if name == "tls":
            self._tls = reaction
            self.first("http")
        elif name == "http":
            self._web = reaction
        else:
            return NEXT.get((name, reaction), ())
        if self._tls is None or self._web is None:
            return ()
        return AFTER.get((self._tls, self._web), ())

    @property
    def patience(self) -> float:
        """Seconds to wait for the next answer."""
        return AGAIN if self._reacted or self._silences > 1 else ANSWER
