"""Binary answers to the one question of a dialogue, which a few fixed bytes give away. Each function answers None where
it is not its own.

Sources: those of the dialogues, each named in its file of ``banner/probes/``.
"""

from __future__ import annotations

import re

from ..text.patterns import lazily
from .fields import Reading, as_text

_ZABBIX = b"ZBXD\x01"
_GIT = lazily(rb"[0-9a-f]{4}(?:ERR ([^\n]{1,512})|(?:[0-9a-f]{40}|[0-9a-f]{64}) [^\0\n]{1,512}\0([ -~]*))")
_AGENT = lazily(rb"(?:\A| )agent=(\S{1,64})")
_NODES = lazily(rb"(?:name [!-~]{1,255} at port \d{1,5}\n)+")
_STOMP = lazily(rb"(?:CONNECTED|ERROR)\r?\n(?:[!-9;-~]{1,64}:[^\0\n]{0,512}\n){1,16}\r?\n")
_STOMP_SERVER = lazily(rb"\nserver:([^\r\n]*)")
_STOMP_ANSWER = lazily(rb"\n(?:message|version|content-type|server|session):")
_ERROR_TEXT = lazily(rb"\xab.\x1b.([ -~]{1,128})\Z", re.DOTALL)
"""The last field of a KRB-ERROR of fewer than 128 bytes, where no further data follows."""
_SRVCLSNM, _SRVRLSLV = b"\x11\x47", b"\x11\x5a"
_VSNNUM = lazily(rb"\(VSNNUM=(\d{1,10})\)")
_TNSLSNR = lazily(rb"TNSLSNR for [ -~]{1,64}: Version (\d{1,2}(?:\.\d{1,3}){1,4})[^\d.]")
_SERVER = lazily(rb"\x86server(?:([\x80-\x8f])|\xd0([\x10-\x7f]))", re.DOTALL)
"""A field of a map, and its text's marker (PackStream)."""


def zabbix(data: bytes) -> Reading | None:
    """Header, length and a text: an agent's version or complaint, or a server's JSON."""
    if not data.startswith(_ZABBIX) or len(data) < 14:
        return None
    said = as_text(data[13 : 13 + int.from_bytes(data[5:9], "little")])
    if said.startswith("{"):
        return Reading("zabbix-trapper", [])
    return Reading("zabbix-agent", [("zabbix.version", said)] if said[:1].isdigit() else [])


def git(data: bytes) -> Reading | None:
    """A pkt-line: an error, or the first reference, with the capabilities behind it."""
    if (found := _GIT.match(data)) is None:
        return None
    if found[1] is not None:
        return Reading("git", [("git.error", as_text(found[1]))])
    agent = _AGENT.search(found[2])
    return Reading("git", [("git.agent", as_text(agent[1]))] if agent else [])


def stomp(data: bytes) -> Reading | None:
    """CONNECTED or ERROR, and its headers."""
    if (found := _STOMP.match(data)) is None or not _STOMP_ANSWER.search(found[0]):
        return None
    server = _STOMP_SERVER.search(found[0])
    return Reading("stomp", [("stomp.server", as_text(server[1]))] if server else [])


def epmd(data: bytes) -> Reading | None:
    """A port, and lines of nodes."""
    if len(data) < 5 or data[:2] != b"\0\0" or not _NODES.fullmatch(data, 4):
        return None
    return Reading("epmd", [("epmd.nodes", as_text(data[4:]))])


def nrpe(data: bytes) -> Reading | None:
    """A response of version 2, whose size is fixed."""
    if data[:4] != b"\0\2\0\2" or len(data) != 1036:
        return None
    return Reading("nrpe", [("nrpe.output", as_text(data[10:].partition(b"\0")[0]))])


def firebird(data: bytes) -> Reading | None:
    """op_accept of one of Firebird's protocols, or op_cont_auth with four empty texts."""
    if data[:4] == b"\0\0\0\x5c" and len(data) == 20 and not any(data[4:]):
        return Reading("firebird", [("firebird.protocol", "13")])
    if data[:6] == b"\0\0\0\3\xff\xff" and len(data) == 16 and data[8:12] == b"\0\0\0\1" and data[6] == 0x80:
        return Reading("firebird", [("firebird.protocol", str(data[7]))])
    return None


def kerberos(data: bytes) -> Reading | None:
    """A KRB-ERROR (RFC 4120, section 5.9.1) behind four bytes of length."""
    if data[4:5] != b"\x7e" or len(data) < 20 or int.from_bytes(data[:4]) != len(data) - 4:
        return None
    if b"\xa0\x03\x02\x01\x05\xa1\x03\x02\x01\x1e" not in data[6:24]:
        return None
    found = _ERROR_TEXT.search(data)
    return Reading("kerberos", [("kerberos.error_text", as_text(found[1]))] if found else [])


def java_rmi(data: bytes) -> Reading | None:
    """ProtocolAck, the client's address as the server sees it, and its port."""
    if len(data) < 8 or len(data) != 7 + int.from_bytes(data[1:3]) or data[-4:-2] != b"\0\0":
        return None
    return Reading("java-rmi", []) if all(0x20 < byte < 0x7F for byte in data[3:-4]) else None


def iscsi(data: bytes) -> Reading | None:
    """A Login Response to the session that our dialogue asks for (RFC 7143, section 11.13)."""
    return Reading("iscsi", []) if len(data) >= 48 and data[8:14] == b"\x80ban\0\0" else None


def drda(data: bytes) -> Reading | None:
    """EXCSATRD: the server's class and release, in EBCDIC."""
    if data[2:4] != b"\xd0\x02" or data[8:10] != b"\x14\x43":
        return None
    found, at = {}, 10
    while at + 4 <= len(data) and (size := int.from_bytes(data[at : at + 2])) >= 4:
        found[data[at + 2 : at + 4]] = data[at + 4 : at + size].decode("cp500", "replace").strip("\0 ")
        at += size
    said = f"class={found.get(_SRVCLSNM, '')};release={found.get(_SRVRLSLV, '')}"
    return Reading("drda", [("drda.banner", said)])


def oracle(data: bytes) -> Reading | None:
    """A listener's REFUSE with the number of its version, or its words."""
    if len(data) < 12 or data[2:4] != b"\0\0" or data[4] not in (2, 4) or data[6:8] != b"\0\0":
        return None
    if data[4] == 4 and (number := _VSNNUM.search(data)):
        return Reading("oracle-tns", [("oracle.version", oracle_version(int(number[1])))])
    words = _TNSLSNR.search(data)
    return Reading("oracle-tns", [("oracle.version", as_text(words[1]))]) if words else None


def oracle_version(number: int) -> str:
    """The version that VSNNUM packs: since 18 the second part has a byte and the third half of one,
    before it the other way round."""
    if number >> 24 >= 18:
        parts = number >> 24, number >> 16 & 0xFF, number >> 12 & 0xF, number >> 4 & 0xFF, number & 0xF
    else:
        parts = number >> 24, number >> 20 & 0xF, number >> 12 & 0xFF, number >> 8 & 0xF, number & 0xFF
    return ".".join(map(str, parts))


def h323(data: bytes) -> Reading | None:
    """Q.931 in TPKT: STATUS, RELEASE or RELEASE COMPLETE from the side that did not begin the call."""
    if data[:2] != b"\3\0" or data[4:6] != b"\x08\2" or data[8:9] not in (b"\x7d", b"\x4d", b"\x5a"):
        return None
    return Reading("h323", []) if data[6] & 0x80 and int.from_bytes(data[2:4]) <= len(data) else None


def sccp(data: bytes) -> Reading | None:
    """Cisco's KeepAliveAck, which is 12 bytes and no other."""
    return Reading("sccp", []) if data == b"\4" + bytes(8) + b"\1\0\0" else None


def bolt(data: bytes) -> Reading | None:
    """A version from 5.1 on, and SUCCESS of HELLO with the server's name."""
    if data[:2] != b"\0\0" or data[3:4] != b"\5" or data[6:8] != b"\xb1\x70":
        return None
    found = _SERVER.search(data)
    if found is None:
        return Reading("bolt", [])
    start = found.end()
    return Reading(
        "bolt", [("bolt.server", as_text(data[start : start + (found[1] or found[2])[-1] % 0x80]))]
    )


BEGINNING_WITH_ZERO = (epmd, nrpe, firebird, kerberos, drda, oracle, bolt)
"""Forms whose first byte is 0."""
