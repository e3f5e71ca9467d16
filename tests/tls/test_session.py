"""TLS sessions without sockets: every version, who is refused, what is cut, damaged, endless or no TLS."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import sys
import time
from functools import cache

import msgspec
import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from banner.models import Certificate, End
from banner.tls import certificate, ciphers, der
from banner.tls.server_flight import ALERTS, LIMIT
from banner.tls.session import OFFERED, HandshakeError, Session, context
from tests.tls_peer import VERSIONS, Server, lax_context, leaf, self_signed, shake

NOW = 4_000_000_000.0  # the year 2096
CHAIN = [ssl.PEM_cert_to_DER_cert(pem.bytes().decode()) for pem in leaf().cert_chain_pems]
LEAF = certificate.parse(CHAIN[0], NOW)


def bare(found: Certificate | None) -> Certificate:
    """Without what depends on the server and on the name that was asked for."""
    assert found is not None
    return msgspec.structs.replace(found, name_matches=None, chain=())


@cache
def plain_context(version: str) -> ssl.SSLContext:
    return lax_context(version)


def pair(version: str) -> tuple[Session, Server]:
    return Session("a.example"), Server(plain_context(version))


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_in_any_segments(version: str, size: int) -> None:
    session, server = Session("a.example"), Server(lax_context(version, alpn=("imap", "http/1.1")))
    assert shake(session, server, size) is None
    tls = session.result(NOW)
    assert (tls.version, tls.alpn, tls.client_certificate, tls.error) == (version, "imap", None, None)
    assert bare(tls.certificate) == LEAF
    chosen = server.tls.cipher()
    suites = {suite["name"]: ciphers.NAMES[suite["id"] & 0xFFFF] for suite in context(OFFERED).get_ciphers()}
    assert chosen is not None
    assert tls.cipher == suites[chosen[0]]

    session.send(b"hello " * 10000)
    answer = server.take(session.outgoing()) + server.say(b"220 inside\r\n")
    assert server.plain == b"hello " * 10000
    for at in range(0, len(answer), size):
        session.feed(answer[at : at + size])
    assert session.receive(3) == b"220"
    assert session.receive(100) == b" inside\r\n"
    assert session.receive(100) == b""
    assert session.end is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("host", "matches"), [("b.example", True), ("192.0.2.9", False), ("", None)])
def test_the_chain_is_told_as_it_was_sent(version: str, host: str, matches: bool | None) -> None:
    issued = trustme.CA().create_child_ca().issue_cert("b.example")
    pems = [pem.bytes() for pem in issued.cert_chain_pems]
    session = Session(host)
    server = Server(lax_context(version, pem=b"".join([issued.private_key_pem.bytes(), *pems])))
    assert shake(session, server) is None
    own = session.result(NOW).certificate
    assert own is not None
    assert own.name_matches is matches
    sent = [hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode())).hexdigest() for pem in pems]
    assert [one.sha256 for one in own.chain] == sent
    assert len(sent) == 2
    assert own.sha256 == sent[0]
    assert own.chain[0].issuer == own.chain[1].subject == own.issuer


@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_that_would_like_a_client_certificate_is_told_so(version: str) -> None:
    session = Session()
    assert shake(session, Server(lax_context(version, client=ssl.CERT_OPTIONAL))) is None
    assert session.result(NOW).client_certificate is True


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.1", "TLSv1.2"])
def test_a_server_that_insists_on_a_client_certificate_still_yields_its_own(version: str) -> None:
    session = Session()
    assert shake(session, Server(lax_context(version, client=ssl.CERT_REQUIRED))) == "handshake_failure"
    tls = session.result(NOW)
    assert (tls.version, tls.client_certificate, tls.error) == (version, True, "handshake_failure")
    assert bare(tls.certificate) == LEAF
    assert tls.cipher in ciphers.NAMES.values()
    with pytest.raises(HandshakeError, match="handshake_failure"):
        session.handshake()


def test_under_tls_1_3_its_refusal_comes_after_the_handshake_and_keeps_its_name() -> None:
    session, server = Session(), Server(lax_context(client=ssl.CERT_REQUIRED))
    assert shake(session, server) is None
    assert session.receive(100) == b""
    assert session.end is End.RESET
    tls = session.result(NOW)
    assert (tls.version, tls.client_certificate, tls.error) == ("TLSv1.3", True, "certificate_required")
    assert bare(tls.certificate) == LEAF
    session.send(b"too late")
    assert session.receive(100) == b""


def test_the_name_is_sent_and_addresses_and_impossible_names_are_not() -> None:
    heard: list[str | None] = []

    def hear(_: ssl.SSLObject | ssl.SSLSocket, name: str | None, __: ssl.SSLContext) -> None:
        heard.append(name)

    listening = lax_context()
    listening.sni_callback = hear
    hosts = [
        "a.example",
        "a.example.",
        "münchen.example",
        "192.0.2.1",
        "2001:db8::1",
        "fe80::1%eth0",
        "",
        "a..b",
    ]
    for host in [*hosts, "x" * 64 + ".example", "a." * 200 + "b", "a\0b", ".", "\ud800"]:
        assert shake(Session(host), Server(listening)) is None
    assert heard == ["a.example", "a.example", "xn--mnchen-3ya.example"] + [None] * 10


def test_the_names_of_protocols_are_offered_as_asked() -> None:
    for alpn, chosen in ((OFFERED, "xmpp-client"), (("http/1.1",), None), ((), None)):
        session = Session(alpn=alpn)
        assert shake(session, Server(lax_context(alpn=("xmpp-client",)))) is None
        assert session.result(NOW).alpn == chosen
    assert "h2" not in OFFERED


def test_after_starttls_nothing_is_offered_and_the_record_says_which() -> None:
    for starttls, chosen in ((None, "imap"), ("imap", None)):
        session = Session(starttls=starttls)
        assert shake(session, Server(lax_context(alpn=("imap",)))) is None
        tls = session.result(NOW)
        assert (tls.alpn, tls.starttls) == (chosen, starttls)


@pytest.mark.parametrize("alert", [number for number in ALERTS if number])
def test_every_alert_has_its_name(alert: int) -> None:
    session = Session()
    assert not session.handshake()
    session.feed(bytes([21, 3, 1, 0, 2, 2, alert]))
    with pytest.raises(HandshakeError) as failure:
        session.handshake()
    assert failure.value.reason == session.result(NOW).error == ALERTS[alert]


def test_an_alert_of_the_library_goes_to_the_peer() -> None:
    session, server = pair("TLSv1.2")
    assert not session.handshake()
    answer = bytearray(server.take(session.outgoing()))
    answer[9] = 9  # a version that does not exist
    session.feed(bytes(answer))
    with pytest.raises(HandshakeError, match="unsupported_protocol"):
        session.handshake()
    assert session.outgoing()[:1] == b"\x15"
    assert bare(session.result(NOW).certificate) == LEAF


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 ftp\r\n",
        b"x\n",
        b"SSH-2.0-x\r\n",
        b"\xff\xfd\x18",
        b"\0" * 99,
    ],
)
def test_what_is_no_tls_is_told_and_kept_as_a_banner(said: bytes) -> None:
    session = Session()
    assert not session.handshake()
    session.feed(said)
    session.feed_eof()
    with pytest.raises(HandshakeError, match="not_tls"):
        session.handshake()
    assert session.received == said
    assert session.result(NOW).version is None


@pytest.mark.parametrize("end", [End.EOF, End.RESET, End.DEADLINE])
def test_an_end_before_any_answer_is_the_reason(end: End) -> None:
    session = Session()
    assert not session.handshake()
    session.feed_eof(end)
    session.feed(b"after the end")
    with pytest.raises(HandshakeError) as failure:
        session.handshake()
    assert failure.value.reason == end == session.result(NOW).error


@pytest.mark.parametrize("version", VERSIONS)
def test_a_connection_that_breaks_off_anywhere_shows_what_came(version: str) -> None:
    session, server = pair(version)
    assert not session.handshake()
    whole = len(server.take(session.outgoing()))
    shows: list[bool] = []
    for cut in range(0, whole - 1, 11):
        session, server = pair(version)
        assert not session.handshake()
        session.feed(server.take(session.outgoing())[:cut])
        assert not session.handshake()
        session.feed_eof()
        with pytest.raises(HandshakeError, match="eof"):
            session.handshake()
        tls = session.result(NOW)
        assert tls.certificate is None or bare(tls.certificate) == LEAF
        assert tls.version == (version if cut > 200 else tls.version)
        shows.append(tls.certificate is not None)
    assert any(shows), "the certificate is never had"
    assert shows == sorted(shows), "a longer part shows less"


@pytest.mark.parametrize("how", ["close_notify", "eof", "reset"])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_end_after_the_handshake_comes_after_the_last_bytes(version: str, how: str) -> None:
    session, server = pair(version)
    assert shake(session, server) is None
    session.feed(server.say(b"bye"))
    if how == "close_notify":
        session.feed(server.leave())
    else:
        session.feed_eof(End(how))
    assert session.end is None
    assert session.receive(100) == b"bye"
    assert session.receive(100) == b""
    assert session.end is (End.RESET if how == "reset" else End.EOF)
    assert session.result(NOW).error is None


def test_fault_21_plain_text_in_small_pieces_is_no_flood() -> None:
    session, server = Session(), Server(lax_context("TLSv1.2"))
    assert shake(session, server) is None
    fed = 0
    while session.end is None and fed < 10 * LIMIT:
        server.tls.write(b"x")
        data = server.outgoing.read()
        session.feed(data)
        fed += len(data)
        assert session.receive(1) == b"x"  # each of these is plain text, and costs the limit nothing
    assert session.end is None


def test_fault_21_session_tickets_are_read_up_to_a_limit() -> None:
    generous = lax_context()
    generous.num_tickets = 5000
    session, server = Session(), Server(generous)
    session.handshake()
    session.feed(server.take(session.outgoing()))
    assert session.handshake()
    tickets = server.take(session.outgoing())
    assert len(tickets) > 3 * LIMIT
    fed = 0
    while session.end is None and fed < len(tickets):
        session.feed(tickets[fed : fed + 1024])
        fed += 1024
        assert session.receive(100) == b""
    assert session.end is End.LIMIT
    assert LIMIT < fed <= LIMIT + 1024


@pytest.mark.parametrize(("bits", "huge"), [(2048, False), (4096, False), (4104, True), (10000, True)])
def test_fault_6_a_huge_modulus_is_not_computed_with(bits: int, huge: bool) -> None:
    session = Session()
    assert not session.handshake()
    modulus = ((1 << bits) - 1).to_bytes(bits // 8)
    hello = b"\3\3" + bytes(32) + b"\0\0\x9e\0" + b"\0\5\xff\1\0\1\0"
    shown = ssl.PEM_cert_to_DER_cert(leaf().cert_chain_pems[0].bytes().decode())
    listed = (len(shown) + 3).to_bytes(3) + len(shown).to_bytes(3) + shown
    exchange = len(modulus).to_bytes(2) + modulus + b"\0\1\2" + b"\0\1\5"
    for kind, body in ((2, hello), (11, listed), (12, exchange)):
        message = bytes([kind]) + len(body).to_bytes(3) + body
        session.feed(b"\x16\3\3" + len(message).to_bytes(2) + message)
    with pytest.raises(HandshakeError) as failure:
        session.handshake()
    assert (failure.value.reason == "huge_modulus") is huge
    assert bare(session.result(NOW).certificate) == LEAF


def test_fault_6_a_group_of_tls_1_3_that_is_huge_is_not_computed_with() -> None:
    session = Session()
    assert not session.handshake()
    offered = session.outgoing()
    retry = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    extensions = b"\0\x2b\0\2\3\4" + b"\0\x33\0\2\1\4"  # ffdhe8192
    body = b"\3\3" + retry + b"\x20" + offered[44:76] + b"\x13\1\0" + len(extensions).to_bytes(2) + extensions
    message = b"\2" + len(body).to_bytes(3) + body
    session.feed(b"\x16\3\3" + len(message).to_bytes(2) + message)
    with pytest.raises(HandshakeError, match="huge_modulus"):
        session.handshake()
    assert session.result(NOW).group == "ffdhe8192"


def test_nothing_is_sent_or_received_before_the_handshake() -> None:
    session = Session()
    session.send(b"in the clear?")
    assert session.outgoing() == b""
    assert session.receive(100) == b""
    assert session.end is None


FLOODS = {
    "hello requests": b"\x16\3\3\0\4\0\0\0\0",
    "warnings": b"\x15\3\3\0\2\1\x5a",
    "empty records": b"\x16\3\3\0\0",
    "change of ciphers": b"\x14\3\3\0\1\1",
    "application data": b"\x17\3\3\0\x20" + bytes(32),
    "an endless certificate": b"\x16\3\3\x40\0" + b"\x0b\xff\xff\xff" + bytes(16380),
}


@pytest.mark.parametrize("opening", [True, False])
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_is_cut_off(flood: bytes, opening: bool) -> None:
    session, server = pair("TLSv1.2")
    assert not session.handshake()
    if opening:
        answer = server.take(session.outgoing())
        session.feed(answer[: 5 + int.from_bytes(answer[3:5])])
        assert not session.handshake()
    began = time.process_time()
    with pytest.raises(HandshakeError):
        for _ in range(100):
            session.feed(flood * (4096 // len(flood) + 1))
            session.handshake()
    assert len(session.received) < LIMIT + 20000
    assert session.result(NOW).certificate is None
    assert time.process_time() - began < 1


@given(
    st.sampled_from(sorted(VERSIONS)),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=5),
    st.sampled_from([0, 1, 1000]),
)
def test_damage_anywhere_costs_the_handshake_and_raises_nothing_else(
    version: str, damage: list[tuple[int, int]], more: int
) -> None:
    session, server = pair(version)
    assert not session.handshake()
    answer = bytearray(server.take(session.outgoing()))
    for at, octet in damage:
        answer[at % len(answer)] = octet
    session.feed(bytes(answer) + bytes(more))
    began = time.process_time()
    try:
        session.handshake()
    except HandshakeError as failure:
        assert failure.reason
        assert failure.reason == failure.reason.lower()
    tls = session.result(NOW)
    assert tls.certificate is None or tls.certificate.sha256
    session.receive(100)
    assert time.process_time() - began < 0.5


@given(st.binary(max_size=300))
def test_any_bytes_instead_of_a_handshake(data: bytes) -> None:
    session = Session()
    assert not session.handshake()
    session.feed(data)
    session.feed_eof()
    with pytest.raises(HandshakeError):
        session.handshake()
    session.result(NOW)


@pytest.fixture(scope="session")
def odd_certificate() -> bytes:
    """A 512-bit RSA key with a certificate of its own, long expired: PEM."""
    return "".join(self_signed("a.example", 512)).encode()


def altered(pem: bytes, old: bytes, new: bytes) -> bytes:
    """`pem` with other bytes inside its certificate; nobody verifies the signature."""
    key, _, text = pem.partition(b"-----BEGIN CERTIFICATE")
    data = ssl.PEM_cert_to_DER_cert("-----BEGIN CERTIFICATE" + text.decode())
    assert data.count(old) == 1
    return key + ssl.DER_cert_to_PEM_cert(data.replace(old, new)).encode()


def grabbed(version: str, pem: bytes) -> Certificate:
    session = Session()
    assert shake(session, Server(lax_context(version, pem=pem))) is None
    found = session.result(NOW).certificate
    assert found is not None
    return found


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.2"])
def test_field_item_13_odd_certificates_cost_a_field_and_not_the_record(
    version: str, odd_certificate: bytes
) -> None:
    odd = grabbed(version, odd_certificate)
    assert (odd.key_type, odd.key_bits, odd.self_signed, odd.expired) == ("rsa", 512, True, True)
    assert (odd.subject, odd.serial is not None) == ("CN=a.example", True)

    serial = bytes.fromhex(odd.serial or "")
    if serial[0] >= 0x80:
        serial = b"\0" + serial
    number = bytes([der.INTEGER, len(serial)])
    negative = grabbed(version, altered(odd_certificate, number + serial, number + b"\xff\1" + serial[2:]))
    assert negative.serial is None
    assert (negative.subject, negative.not_after) == (odd.subject, odd.not_after)

    end = (odd.not_after or "").translate({ord(c): None for c in "-:T"})[2:].encode()
    dated = grabbed(version, altered(odd_certificate, end, b"991399999999Z"))
    assert (dated.not_after, dated.expired) == (None, None)
    assert (dated.subject, dated.not_before, dated.key_bits) == (odd.subject, odd.not_before, 512)


def test_one_context_a_kind_serves_every_session() -> None:
    assert context(OFFERED) is context(tuple(OFFERED))
    assert context(()) is not context(OFFERED)
    assert context(()).verify_mode is ssl.CERT_NONE


def test_importing_the_package_imports_no_certificate_library() -> None:
    code = "import sys, banner, banner.tls; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
