"""The rules of findings: each by the record of a real conversation, and each as its document says."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import pytest

from banner import Grab, Mode, Timeouts, grab, testing
from banner.formats.record import decode, encode
from banner.models import Certificate, Service, Status, Tls
from banner.report.findings import RULES, When, findings
from tests.documents import ROOT
from tests.probes.conversation import Recording
from tests.probes.recordings import everything
from tests.tls_peer import authority, lax_context
from tests.usual import usual

from .sample import NOON

DOCUMENT = (ROOT / "docs" / "findings.md").read_text()
_RULES = DOCUMENT.partition("\n## What is no finding")[0].split("\n### ")[1:]
SECTIONS = {part.partition("\n")[0]: part for part in _RULES}
Step = tuple[bytes | re.Pattern[bytes], bytes | ssl.SSLContext]
REQUEST = re.compile(rb"GET .*?\r\n\r\n", re.DOTALL)
PATIENCE = Timeouts(connect=5, read=20, total=30)
"""No conversation here waits for its end: what is slow is the machine."""


class Case(NamedTuple):
    """A peer: the dialogue that is held with it, and what it answers."""

    probe: str
    script: Sequence[Step]
    mode: Mode = Mode.LIGHT
    datagram: bytes | Callable[[bytes], bytes] = b""
    """What is answered over UDP, or what is made of a question."""


def recorded(probe: str, title: str) -> Case:
    """The peer of a recording."""
    (one,) = (each for each in everything()[probe] if each.title == title)
    return Case(probe, list(steps(one)), Mode.FULL if one.deep else Mode.LIGHT)


def steps(recording: Recording) -> list[Step]:
    """A recording as a script: what must come, and the answer to it."""
    script: list[Step] = []
    heard: bytes | re.Pattern[bytes] = b""
    for turn in recording.turns:
        if turn.who == "client":
            heard = REQUEST if turn.data.startswith(b"GET ") else turn.data
        else:
            script.append((heard, turn.data))
            heard = b""
    return script


def shown(
    not_before: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    not_after: datetime = datetime(2028, 1, 1, tzinfo=UTC),
    version: str = "TLSv1.3",
) -> Case:
    """A web server that shows a certificate for those days."""
    issued = authority().issue_cert("www.a.example", not_before=not_before, not_after=not_after)
    pem = issued.private_key_and_cert_chain_pem.bytes()
    return Case("http", [(b"", lax_context(version, pem=pem))], Mode.TLS)


def page(*fields: str, status: str = "200 OK", body: str = "") -> list[Step]:
    lines = [f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return [(REQUEST, "\r\n".join(lines).encode())]


def controller(authentication: int, status: int) -> Callable[[bytes], bytes]:
    """A management controller's capabilities (IPMI 2.0, section 22.13)."""

    def answer(question: bytes) -> bytes:
        body = bytes(
            [0x81, 0x1C, 0x63, 0x20, question[18], 0x38, 0, 1, authentication, status, 3, 0, 0, 0, 0, 0]
        )
        return question[:13] + bytes([len(body)]) + body

    return answer


def agent(question: bytes) -> bytes:
    """A response to a request of SNMP's version 2c, with no values in it (RFC 3416, section 3)."""
    return question.replace(b"public\xa0", b"public\xa2")


ELASTICSEARCH = (
    '{"name":"n","cluster_name":"c","version":{"number":"7.10.2","build_flavor":"default",'
    '"lucene_version":"8.7.0"},"tagline":"You Know, for Search"}'
)
CASES = {
    "open-redis": recorded("redis", "Redis 7.0.15, Debian 12"),
    "open-memcached": Case("memcached", [(b"version\r\n", b"VERSION 1.6.18\r\n")]),
    "open-mongodb": recorded("mongodb", "MongoDB 7.0.5, standalone"),
    "open-elasticsearch": Case("http", page("content-type: application/json", body=ELASTICSEARCH)),
    "open-docker": recorded("docker", "Docker 20.10.24, Debian 12"),
    "open-x11": recorded("x11", "Xvfb 21.1.7, open to everybody"),
    "open-vnc": recorded("vnc", "TigerVNC 1.12.0, Debian 12"),
    "open-adb": recorded("adb", "adbd that lets everybody in"),
    "open-jdwp": recorded("jdwp", "OpenJDK 17"),
    "open-mqtt": recorded("mqtt", "Mosquitto 2.0.11, Debian 12, anonymous"),
    "open-nats": recorded("nats", "NATS 2.9.10, Debian 12"),
    "open-snmp": Case("snmp-v2c", [], Mode.FULL, datagram=agent),
    "open-ipmi": Case("ipmi", [], datagram=controller(0x84, 1)),
    "open-socks": recorded("socks5", "Dante 1.4.2, no authentication"),
    "certificate-expired": shown(not_after=datetime(2026, 11, 20, tzinfo=UTC)),
    "certificate-expires-soon": shown(not_after=datetime(2026, 12, 10, tzinfo=UTC)),
    "certificate-not-yet-valid": shown(not_before=datetime(2027, 1, 1, tzinfo=UTC)),
    "old-tls": shown(version="TLSv1.1"),
    "old-ssh": Case("ssh", [(b"", b"SSH-1.99-OpenSSH_3.9p1\r\n")]),
    "cleartext-telnet": Case("telnet", [(b"", b"\xff\xfb\x01"), (b"\xff\xfe\x01", b"Router\r\nlogin: ")]),
    "cleartext-ftp": Case(
        "ftp", [(b"", b"220 ProFTPD Server\r\n"), (b"FEAT\r\n", b"211-Features:\r\n SIZE\r\n211 End\r\n")]
    ),
    "cleartext-pop3": Case(
        "pop3",
        [(b"", b"+OK Dovecot ready.\r\n"), (b"CAPA\r\n", b"+OK\r\nTOP\r\nUSER\r\nSASL PLAIN\r\n.\r\n")],
    ),
    "cleartext-imap": Case("imap", [(b"", b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")]),
    "cleartext-smtp": Case(
        "smtp",
        [
            (b"", b"220 mail.example ESMTP Postfix\r\n"),
            (re.compile(rb"EHLO .*\r\n"), b"250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1\r\n"),
        ],
    ),
    "cleartext-http": Case(
        "http", page('WWW-Authenticate: Basic realm="router"', status="401 Unauthorized")
    ),
    "amplifier": Case("empty", [], datagram=b"a" * 200),
    "unnamed-product": Case("listen", [(b"", b"welcome to the machine\r\n")], Mode.LISTEN),
}  # fmt: skip


async def heard(case: Case) -> Grab:
    """The record of a grab of `case`, written and read again as a scan does it."""
    if case.datagram:
        async with testing.udp.answerer(case.datagram) as peer:
            chosen = () if case.probe == "empty" else (case.probe,)
            one = await grab(
                peer.host, peer.port, transport="udp", mode=case.mode, timeouts=PATIENCE, probes=chosen
            )
        return decode(encode(one))
    async with testing.conversation(case.script) as server:
        with usual(case.probe, ports=(server.port,)):
            one = await grab(server.host, server.port, mode=case.mode, timeouts=PATIENCE)
    return decode(encode(one))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_each_rule_holds_for_a_real_conversation_with_the_evidence_of_its_document(
    rule: object,
) -> None:
    name = str(getattr(rule, "name", ""))
    one = await heard(CASES[name])
    told = {found.finding: found for found in findings([one], When(NOON))}
    assert name in told, one
    evidence = re.search(r"^Evidence: `(.*)`$", SECTIONS[name], re.MULTILINE)
    assert evidence is not None
    assert told[name].evidence == evidence[1]
    assert (told[name].host, told[name].port) == (one.host, one.port)


def test_the_document_has_every_rule_in_the_tables_order_by_its_title() -> None:
    assert list(SECTIONS) == [rule.name for rule in RULES] == list(CASES)
    for rule in RULES:
        said = SECTIONS[rule.name].split("\n\n")[1]
        assert said.startswith((f"{rule.title}:", f"{rule.title},")), rule.name


QUIET = {
    "a password": recorded("redis", "Redis 7.0.15 with a password"),
    "a key": recorded("adb", "adbd that wants a key"),
    "a cookie": recorded("x11", "Xvfb 21.1.7 with a cookie"),
    "VNC's own authentication": recorded("vnc", "version 3.8, VNC authentication and Tight"),
    "names and passwords": recorded("mqtt", "Mosquitto 2.0.11 with passwords"),
    "no method for us": recorded("socks5", "Dante 1.4.2 with user names"),
    "a login at the search": Case(
        "http", page("content-type: application/json", status="401 Unauthorized", body=ELASTICSEARCH)
    ),
    "a certificate for long": shown(),
    "SSH 2": Case("ssh", [(b"", b"SSH-2.0-OpenSSH_9.2p1\r\n")]),
    "FTP that was asked nothing": Case("listen", [(b"", b"220 ProFTPD Server\r\n")], Mode.LISTEN),
    "no login outside TLS": Case(
        "imap", [(b"", b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n")]
    ),
    "no password in the mechanism": Case(
        "pop3", [(b"", b"+OK ready.\r\n"), (b"CAPA\r\n", b"+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n")]
    ),
    "a controller that wants a password": Case("ipmi", [], datagram=controller(0x84, 0)),
    "a short answer over UDP": Case("empty", [], datagram=b"aa"),
    "Digest": Case("http", page('WWW-Authenticate: Digest realm="router"', status="401 Unauthorized")),
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
async def test_what_asks_who_we_are_or_was_not_asked_is_no_finding(name: str) -> None:
    one = await heard(QUIET[name])
    assert one.status is Status.BANNER or one.tls is not None
    assert {found.finding for found in findings([one], When(NOON))} <= {"unnamed-product"}


@pytest.mark.parametrize("value", [None, 0, 1, "", "False", [], ["none"], {"none": 1}, True, [None], 1.5])
def test_strange_details_are_no_findings_and_no_faults(value: object) -> None:
    fields = ("auth_required", "access", "security_types", "features", "capabilities", "extensions", "status",
              "www_authenticate", "method", "return_code", "api_version", "protocol_version",
              "amplification")  # fmt: skip
    for name in ("redis", "memcached", "x11", "ftp", "pop3", "imap", "smtp", "http", "ssh", "nats"):
        one = Grab(NOON, "192.0.2.1", 1, Status.BANNER, banner=b"x", service=Service(name, product="p"),
                   details=dict.fromkeys(fields, value))  # fmt: skip
        for found in findings([one], When(NOON)):
            assert found.evidence


@pytest.mark.parametrize(
    "end", [None, "", "soon", "2026-13-01T00:00:00Z", "9999-99-99", "0000-00-00T00:00:00Z"]
)
def test_a_certificate_without_readable_dates_is_no_finding(end: str | None) -> None:
    tls = Tls(version="TLSv1.3", certificate=Certificate("ab" * 32, not_after=end))
    one = Grab(NOON, "192.0.2.1", 443, Status.TLS_ERROR, tls=tls)
    assert list(findings([one], When(NOON))) == []


def test_evidence_is_a_line_to_read_however_much_a_peer_says_in_one() -> None:
    told = [
        Grab(NOON, "192.0.2.1", 25, Status.BANNER, banner=said)
        for said in (b"flood " * 170, b"x" * 184, b"x" * 183)  # "unknown service: " has 17 characters
    ]
    long, over, whole = (one.evidence for one in findings(told, When(NOON)))
    assert len(long) == len(over) == 200
    assert long.startswith("unknown service: flood flood")
    assert (over[-2:], whole) == ("x…", "unknown service: " + "x" * 183)


def test_soon_is_as_long_as_one_says() -> None:
    tls = Tls(certificate=Certificate("ab" * 32, not_after="2026-12-25T12:00:00Z"))
    one = Grab(NOON, "192.0.2.1", 443, Status.TLS_ERROR, tls=tls)
    assert list(findings([one], When(NOON))) == []
    (found,) = findings([one], When(NOON, 40))
    assert msgspec.to_builtins(found) == {
        "finding": "certificate-expires-soon",
        "host": "192.0.2.1",
        "port": 443,
        "evidence": "abababababababab ends 2026-12-25T12:00:00Z, in 33 days",
    }
