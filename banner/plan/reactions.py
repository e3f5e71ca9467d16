"""What a peer's reaction to one hello says about the service: whom to address next.

Services differ in how they take what is not meant for them. One that reads lines waits for the end of one; one
that reads a length first waits for as many bytes; a strict one closes, and resets where bytes were left unread.
`NEXT` holds what daemons of Debian 12 were measured to do (redis 7.0, Kamailio 5.6, BIND 9.18, Unbound 1.17,
dnsmasq 2.90, Samba 4.17, Mosquitto 2.0, PostgreSQL 15, slapd 2.5, ZooKeeper 3.8, Xvfb 21.1, memcached 1.6,
xrdp 0.9, Prosody 0.12, RabbitMQ 3.10); `pointed_at` what they answer. Names are those of the probes, ``tls``,
and `OLDER`.
"""

from __future__ import annotations

from enum import Enum

from ..models import Service


class Reaction(Enum):
    """What a peer did on hearing a hello."""

    ANSWER = "answer"
    SILENCE = "silence"
    CLOSE = "close"
    RESET = "reset"


OLDER = "older tls"
"""TLS's hello once more, as servers of long ago understand it (`Secure.modest`): short, and of TLS 1.2 at most."""

_SILENCE, _CLOSE, _RESET = Reaction.SILENCE, Reaction.CLOSE, Reaction.RESET

NEXT: dict[tuple[str, Reaction], tuple[str, ...]] = {
    # Close on a TLS hello: PostgreSQL, slapd, ZooKeeper, X servers, and all of them on HTTP's. On PostgreSQL's slapd
    # closes, ZooKeeper and X wait for twelve bytes. ZooKeeper answers to four letters, PostgreSQL closes on them, and
    # the others wait for more: slapd for over a hundred bytes, X for twelve.
    ("zookeeper", _CLOSE): ("postgresql", "ldap", "mqtt"),
    ("zookeeper", _RESET): ("postgresql", "mqtt", "rdp"),
    ("zookeeper", _SILENCE): ("ldap", "x11"),
    ("postgresql", _SILENCE): ("zookeeper", "kafka", "x11"),  # they wait for 12 bytes
    ("postgresql", _CLOSE): ("ldap", "mqtt"),
    ("postgresql", _RESET): ("mqtt", "rdp"),
    # DNS' question has the form of an NBT message: Samba closes.
    ("dns", _CLOSE): ("smb2",),
    ("dns", _RESET): ("smb2",),
}
"""After this reaction to this hello, whom to address next, in this order."""

INSIDE: dict[tuple[str, Reaction], tuple[str, ...]] = {
    ("http", _SILENCE): ("dns", "smb2", "rpcbind", "kafka"),
    ("http", _CLOSE): ("redis",),
    ("http", _RESET): ("redis",),
    ("redis", _SILENCE): ("ldap",),
    ("redis", _CLOSE): ("mqtt",),
    ("redis", _RESET): ("mqtt",),
}
"""The same inside TLS, where there is no TLS hello to judge by."""

AFTER: dict[tuple[Reaction, Reaction], tuple[str, ...]] = {
    # Silent on both: their first bytes were taken for a length (DNS, Samba).
    (_SILENCE, _SILENCE): ("dns", "smb2", "rpcbind", "kafka"),
    # Redis closes on a request's Host; the zeros of TLS's hello hid the line's end from it.
    (_SILENCE, _CLOSE): ("redis", "sip"),
    (_SILENCE, _RESET): ("redis", "sip"),
    (_CLOSE, _SILENCE): ("ldap", "zookeeper", OLDER),
    (_CLOSE, _CLOSE): ("postgresql", "zookeeper", OLDER),
    # A server of TLS takes five bytes for a record's header and leaves the rest of a plain request unread.
    (_CLOSE, _RESET): (OLDER, "zookeeper", "postgresql"),
    # Mosquitto resets, and so does whoever closes with bytes unread, as servers that cannot bear TLS 1.3.
    (_RESET, _SILENCE): ("mqtt", OLDER, "postgresql"),
    (_RESET, _CLOSE): (OLDER, "mqtt", "postgresql"),
    (_RESET, _RESET): (OLDER, "mqtt", "postgresql"),
}
"""After these reactions to TLS's hello and to HTTP's."""

TLS_EXPECTED = (b"to HTTPS port", b"to an HTTPS server", b"SSL-enabled server port", b"requires TLS")
"""What HTTP servers answer to a plain request on a TLS port (nginx, Go, Apache httpd, Tomcat)."""
_HTTPS = b"HTTPS"
"""In the first two."""

PROBE_OF = {
    "ms-wbt-server": "rdp",
    "microsoft-ds": "smb2",
    "ms-sql-s": "mssql",
    "socks": "socks5",
    "xmpp-client": "xmpp",
    "xmpp-server": "xmpp",
    "memcache": "memcached",
    "domain": "dns",
}
"""The probes of services that have another name."""


def pointed_at(data: bytes) -> str | None:
    """Whom `data`, the answer to a hello that was not his, points at by its form alone."""
    if asks_for_tls(data):
        return "tls"
    if data.startswith(b"-"):  # an error of RESP: it is a client who spoke first (POP3's -ERR greets)
        return "redis"
    if data.startswith(b"ERROR\r\n"):
        return "memcached"
    if b"<stream:" in data or b"http://etherx.jabber.org/streams" in data:  # RFC 6120, section 4.9
        return "xmpp"
    if len(data) == 2 and data[0] == 5:  # a method selection (RFC 1928, section 3)
        return "socks5"
    if data.startswith(b"AMQP"):  # the version that it would rather speak (AMQP 0-9-1, section 4.2.2)
        return "amqp"
    if len(data) > 5 and data[:2] == b"\x03\x00" and data[5] in (0x80, 0xD0, 0xF0):
        return "rdp"  # a TPKT (RFC 1006, section 6) with a disconnect, a confirm or data inside (X.224)
    if (
        b"unsupported protocol version (" in data
    ):  # to every stranger, "(71)" to HTTP's first letter (CQL's ERROR)
        return "cassandra"
    if data.startswith(b"E\0\0") and b"\0C" in data[5:]:
        return "postgresql"  # ErrorResponse (PostgreSQL's "Message Formats")
    return None


def asks_for_tls(data: bytes) -> bool:
    """Whether `data`, an answer in the clear, says that TLS is expected; asked of every answer of a scan."""
    # One phrase after the other, and not in a loop: that is half the time; so is `find` of `in`, which for bytes in
    # bytes first raises and drops an exception.
    to_port, to_server, enabled, requires = TLS_EXPECTED
    find = data.find
    said = find(_HTTPS) >= 0 and (find(to_port) >= 0 or find(to_server) >= 0)
    return said or find(enabled) >= 0 or find(requires) >= 0 or speaks_tls(data)


def speaks_tls(data: bytes) -> bool:
    """Whether `data` starts with a TLS record of a server: an alert or a handshake (RFC 8446, section 5.1)."""
    if len(data) <= 2 or data[0] not in (0x15, 0x16):
        return False
    # Some servers put no version into the record of an alert that answers a hello which they do not understand.
    return (data[1] == 3 and not echoes(data)) or data[:5] == b"\x15\0\0\0\2"


def echoes(data: bytes) -> bool:
    """Whether `data`, the answer to our TLS hello, is a TLS hello itself: a ClientHello, as no server says it."""
    return data[:2] == b"\x16\x03" and data[5:6] == b"\x01"


def returns(data: bytes, said: bytes) -> bool:
    """Whether `data` is what was `said` to the peer, or its beginning, too long for chance."""
    return len(data) >= 8 and said.startswith(data)


ECHO = Service("echo", confidence=0.9, rule="plan/echo")
"""Who sends our hello back (RFC 862)."""
