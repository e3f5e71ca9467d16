"""Which protocol speaks, from the shape of the bytes, and the fields that the rules are held against.

The first byte leads to the few forms that begin with it; each form decides by itself. What has no
form is text or not: text is asked under ``greeting``. The port breaks ties only.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..text.patterns import lazily
from . import answers, headers, packets, signatures
from .fields import BY_PORT, BY_STRUCTURE, BY_WORDS, LIMIT, NAMES, Reading, as_text
from .replies import replies

_SSH = lazily(r"(?:\A|\n)SSH-(\d\.\d+)-([^\r\n]*)")
_CODE = lazily(rb"\d{3}(?:[ \r\n-]|\Z)")
_PROMPT = lazily(r"(?:log ?in|user ?name|password|account|user)\s*+:\s*+\Z", re.IGNORECASE)
_IRC = lazily(r"^:(\S+) (?:(?:NOTICE|ERROR|\d{3}) )", re.MULTILINE)
_IRC_LINE = lazily(r"^(?::\S+ )?", re.MULTILINE)
_H = ord("H")
_TIME = 37
_SIMPLE = {13: "daytime", 17: "qotd", 19: "chargen", _TIME: "time", 79: "finger"}
"""Protocols without a form of their own, known by their ports alone (RFC 867, 865, 864, 868, 1288)."""
_POP3_PORTS = frozenset((110, 995))
_REDIS_PORTS = frozenset((6379, 6380, 16379, 26379))
_OK = frozenset((b"+OK", b"+OK\r\n"))
"""What RESP says to what went well; a greeting of POP3 says more in its line."""
_TELNET_PORTS = frozenset((23, 992, 2323))


def readings(data: bytes, port: int | None = None, protocol: str | None = None) -> list[Reading]:
    """The ways to read `data`, the likeliest first; none where nothing is known about it.

    With `protocol` (a probe knows whom it asked) only its own fields are cut.
    """
    if not data:
        return []
    if data[0] == _H and data.startswith(b"HTTP/") and protocol in (None, "http", "https"):
        return [headers.http(data)]
    if protocol not in ("http", "https"):
        data = data[:LIMIT]
    if protocol is not None:
        return _told(data, port, NAMES.get(protocol, protocol))
    if (at_home := signatures.AT_HOME.get(port or 0)) and (reading := at_home(data)) is not None:
        return [reading]
    forms = _FORMS.get(data[0], ())
    if port in _POP3_PORTS and _redis in forms:  # where no Redis is
        forms = tuple(form for form in forms if form is not _redis)
    elif port in _REDIS_PORTS and (data in _OK or data[:3] == b"-ER") and b"POP" not in data:
        forms = (_redis, _resp)
    for form in forms:
        if (reading := form(data)) is not None:
            return [reading]
    if _CODE.match(data):
        return replies(as_text(data), port, None)
    for form in _ANYWHERE:
        if (reading := form(data)) is not None:
            return [reading]
    return _text(data, port)


def _told(data: bytes, port: int | None, protocol: str) -> list[Reading]:
    if protocol in ("ftp", "smtp", "nntp") and data[:3].isdigit():
        return replies(as_text(data), port, protocol)
    found = [r for r in readings(data, port) if r.protocol == protocol]
    if found:
        return found
    by_name = _BY_NAME.get(protocol)
    reading = by_name(data) if by_name else None
    return [reading or Reading(protocol, [(f"{protocol}.banner", as_text(data))], BY_STRUCTURE)]


def _text(data: bytes, port: int | None) -> list[Reading]:
    text = as_text(data)
    if port is not None and (name := _SIMPLE.get(port)) and (port != _TIME or len(data) == 4):
        return [Reading(name, [], BY_PORT), Reading("", [("greeting", text)], 0.0)]
    if (
        data.count(0) > len(data) // 8
    ):  # binary: only rules that are asked with the whole greeting may know it
        return [Reading("", [("greeting", text)], 0.0)]
    prompted = _asks(text)
    if prompted or port in _TELNET_PORTS:
        confidence = BY_WORDS if prompted else BY_PORT
        body = text.replace("\0", "").lstrip("\r\n")
        return [Reading("telnet", [("telnet.banner", body), ("greeting", text)], confidence)]
    return [Reading("", [("greeting", text)], 0.0)]


def _asks(text: str) -> bool:
    """Whether `text` ends by asking for a name or a password."""
    end = text[-64:]
    return end.rstrip().endswith(":") and _PROMPT.search(end) is not None


def _ssh(data: bytes) -> Reading | None:
    if data.find(b"SSH-") < 0:  # in half the time of `in`
        return None
    text = as_text(data)
    if text.startswith("SSH-2.0-"):  # nearly every one: RFC 4253, section 4.2
        return Reading("ssh", [("ssh.banner", text[8:].partition("\n")[0].partition("\r")[0].rstrip())])
    found = _SSH.search(text)
    if found is None:
        return None
    # 1.99 is a server of both versions (RFC 4253, section 5.1); 2.0 needs no word
    info = None if found.group(1) == "2.0" else f"protocol {found.group(1)}"
    return Reading("ssh", [("ssh.banner", found.group(2).rstrip())], info=info)


def _starting(start: bytes, make: Callable[[str], Reading | None]) -> Callable[[bytes], Reading | None]:
    def form(data: bytes) -> Reading | None:
        return make(as_text(data)) if data.startswith(start) else None

    return form


def _line(protocol: str, key: str, start: bytes) -> Callable[[bytes], Reading | None]:
    """A form whose field is the rest of its first line."""

    def make(text: str) -> Reading:
        first = text[len(start) :].partition("\n")[0].strip()
        return Reading(protocol, [(key, first)] if first else [])

    return _starting(start, make)


def _all(protocol: str, key: str, start: bytes, skip: int = 0) -> Callable[[bytes], Reading | None]:
    """A form whose field is everything after its first `skip` bytes."""
    return _starting(
        start, lambda text: Reading(protocol, [(key, text[skip:].replace("\r\n", "\n").strip("\r\n"))])
    )


_REDIS_ERROR = lazily(
    rb"-(?:NOAUTH |NOPERM |DENIED |MISCONF Redis|LOADING |MASTERDOWN |WRONGPASS |"
    rb"ERR (?:unknown command ?[`'\"]|wrong number of arguments for '|max number of clients|"
    rb"operation not permitted|Protocol error|invalid password|Client sent AUTH|AUTH <password>|Proxy error|Dragonfly))"
)
"""Errors as Redis words them (its source: networking.c, server.c, acl.c); ``-ERR`` alone is POP3's as well."""


def _redis(data: bytes) -> Reading | None:
    if data[:1] == b"-" and _REDIS_ERROR.match(data):
        return Reading("redis", [("redis.banner", as_text(data[1:]).replace("\r\n", "\n").strip())])
    if data.startswith((b"+PONG", b"$")):  # and what INFO said
        text = as_text(data).replace("\r\n", "\n").partition("\n")[2].strip()
        if data[:1] == b"+" or "redis_version:" in text:
            return Reading("redis", [("redis.banner", text)] if text else [])
    return None


def _resp(data: bytes) -> Reading | None:
    """A line of RESP as many of Redis' kin give it. Elsewhere it is POP3's."""
    return Reading("redis", [], BY_WORDS)


def _nats_error(data: bytes) -> Reading | None:
    """NATS quotes what it complains of ("NATS Client Protocol", -ERR)."""
    return Reading("nats", []) if data.startswith(b"-ERR '") else None


def _vnc(data: bytes) -> Reading | None:
    if data[:4] != b"RFB " or not data[4:7].isdigit():
        return None
    version = data[4:11].decode("latin-1")
    rest = as_text(data[12:]).strip("\r\n\0")
    return Reading(
        "vnc", [("vnc.banner", version + ("\n" + rest if rest else ""))], info=f"protocol {version}"
    )


def _rsync(data: bytes) -> Reading | None:
    if not data.startswith(b"@RSYNCD: "):
        return None
    text = as_text(data[9:]).replace("\r\n", "\n").strip()
    version = text.split(None, 1)[0] if text else ""
    return Reading(
        "rsync", [("rsync.banner", text)], info=f"protocol {version}" if version[:1].isdigit() else None
    )


def _irc(data: bytes) -> Reading | None:
    text = as_text(data).replace("\r\n", "\n")
    if data.startswith((b"NOTICE ", b"ERROR :")) or _IRC.match(text):
        return Reading("irc", [("irc.banner", _IRC_LINE.sub("", text).strip())])
    return None


def _icy(data: bytes) -> Reading | None:
    return headers.http(data) if data.startswith(b"ICY ") else None


def _page(data: bytes) -> Reading | None:
    """A page without headers: HTTP/0.9, or a server that answers anything so."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<title", b"<body")):
        return Reading("http", headers.page(data), BY_WORDS)
    return None


def _late_telnet(data: bytes) -> Reading | None:
    """Text before the first negotiation."""
    at = data.find(b"\xff")
    if (
        at <= 0
        or not data[:at].isascii()
        or data[at + 1 : at + 2] not in (b"\xfb", b"\xfc", b"\xfd", b"\xfe")
    ):
        return None
    return packets.telnet_text(data)


Form = Callable[[bytes], Reading | None]
_FORMS: dict[int, tuple[Form, ...]] = {
    ord("S"): (
        _ssh,
        _starting(b"SIP/2.0", headers.sip),
        _all("memcached", "memcached.banner", b"STAT "),
        packets.postgresql,
    ),
    ord("I"): (_icy, _line("nats", "nats.banner", b"INFO {")),
    ord("R"): (_vnc, _starting(b"RTSP/", headers.rtsp)),
    ord("+"): (_redis, _line("pop3", "pop3.banner", b"+OK")),
    ord("-"): (_redis, _nats_error, _line("pop3", "pop3.banner", b"-ERR")),
    ord("*"): (
        _line("imap", "imap4.banner", b"* OK"),
        _line("imap", "imap4.banner", b"* PREAUTH"),
        _line("imap", "imap4.banner", b"* BYE"),
    ),
    ord("$"): (_redis,),
    ord("@"): (_rsync,),
    ord(":"): (_irc,),
    ord("N"): (signatures.nbd, _irc, answers.java_rmi, packets.postgresql),
    ord("#"): (answers.iscsi,),
    ord("E"): (_irc, answers.stomp, packets.postgresql),
    ord("("): (_all("svn", "svn.banner", b"( success ( "),),
    ord('"'): (
        _all("managesieve", "sieve.banner", b'"IMPLEMENTATION"'),
        _all("managesieve", "sieve.banner", b'"SIEVE"'),
    ),
    ord("V"): (_line("memcached", "memcached.banner", b"VERSION "),),
    ord("C"): (answers.stomp, _all("zookeeper", "zookeeper.banner", b"ClickHouse Keeper version:")),
    ord("Z"): (answers.zabbix, _all("zookeeper", "zookeeper.banner", b"Zookeeper version:")),
    ord("A"): (packets.amqp,),
    ord("<"): (_page,),
    0xFF: (packets.telnet, signatures.bgp, signatures.zmtp),
    0x05: (signatures.mysqlx, signatures.msrpc),
    0x80: (signatures.ndmp,),
    0x15: (packets.tls,),
    0x16: (packets.tls,),
    0x30: (answers.git, packets.ldap),  # a BER sequence, and the digit 0
    0x20: (packets.mqtt,),
    0x00: (packets.http2, packets.x11, signatures.openwire, *answers.BEGINNING_WITH_ZERO, packets.dns),
    0x03: (answers.h323,),
    0x04: (answers.sccp,),
    0x01: (signatures.afp, packets.x11, packets.amqp, answers.drda, answers.oracle, packets.rsh),
}
_ANYWHERE: tuple[Form, ...] = (packets.mysql, packets.mongodb, packets.dns, _ssh, _late_telnet, _page)
_BY_NAME: dict[str, Form] = {
    "telnet": packets.telnet,
    "http": headers.http,
    "rsh": packets.rsh,
}
