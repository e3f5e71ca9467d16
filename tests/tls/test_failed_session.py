"""TLS sessions that come to nothing: alerts, what is no TLS, ends anywhere, floods, huge numbers and damage."""

from __future__ import annotations

import ssl
import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.models import End
from banner.tls.errors import HandshakeError
from banner.tls.server_flight import ALERTS, LIMIT
from banner.tls.session import Session
from tests.tls.sessions import LEAF, NOW, bare
from tests.tls_peer import VERSIONS, Server, lax_context, leaf, shake


@cache
def plain_context(version: str) -> ssl.SSLContext:
    return lax_context(version)


def pair(version: str) -> tuple[Session, Server]:
    return Session("a.example"), Server(plain_context(version))


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
