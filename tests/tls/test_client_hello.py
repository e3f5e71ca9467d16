"""The second hello: what it says, and what old servers show of themselves to it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.dialogue import Want, Wire
from banner.models import Certificate, End, Tls
from banner.tls import ciphers
from banner.tls.client_hello import client_hello, greet, seen, server_name, worth_retrying
from banner.tls.errors import HandshakeError
from banner.tls.server_flight import LIMIT, Flight
from banner.tls.session import Session
from tests import flights
from tests.tls_peer import VERSIONS, Server, lax_context, self_signed, shake

NOW = 4_000_000_000.0
RANDOM = bytes(range(32))


def held(segments: list[bytes], end: End = End.EOF) -> tuple[Flight, bytes]:
    """Hold the dialogue with a peer that says `segments` and ends; the flight and what was said to it."""
    wire, feed = Wire("a.example", 443, limit=LIMIT), iter(segments)
    going = greet(wire, RANDOM)
    try:
        want = next(going)
        while True:
            assert want is Want.BYTES
            data = next(feed, None)
            if data is None:
                wire.close(end)
            else:
                wire.feed(data[: wire.room()])
            want = going.send(None)
    except StopIteration as done:
        flight: Flight = done.value
        return flight, wire.outgoing()


def fields(hello: bytes) -> tuple[int, set[int], dict[int, bytes]]:
    """Version, suites and extensions of a ClientHello in one record, read as RFC 5246 7.4.1.2 lays it out."""
    assert hello[:3] == b"\x16\3\0"
    assert int.from_bytes(hello[3:5]) == len(hello) - 5
    message = hello[5:]
    assert message[0] == 1
    assert int.from_bytes(message[1:4]) == len(message) - 4
    assert message[6:39] == RANDOM + b"\0"
    length = int.from_bytes(message[39:41])
    suites = message[41 : 41 + length]
    rest = message[41 + length :]
    assert rest[:2] == b"\1\0"
    rest, extensions = rest[2:], {}
    if rest:
        assert int.from_bytes(rest[:2]) == len(rest) - 2
        rest = rest[2:]
    while rest:
        size = int.from_bytes(rest[2:4])
        extensions[int.from_bytes(rest[:2])] = rest[4 : 4 + size]
        assert len(rest) >= 4 + size
        rest = rest[4 + size :]
    offered = [int.from_bytes(suites[at : at + 2]) for at in range(0, length, 2)]
    assert len(offered) == len(set(offered))
    return int.from_bytes(message[4:6]), set(offered), extensions


def test_the_hello_offers_what_openssl_has_no_more() -> None:
    version, suites, extensions = fields(client_hello("a.example", RANDOM))
    names = {ciphers.NAMES[suite] for suite in suites - {0x00FF}}
    assert version == 0x0303
    for part in (
        "RC4_128",
        "3DES",
        "RC4_40",
        "DES40",
        "_DES_",
        "IDEA",
        "SEED",
        "NULL",
        "DH_anon",
        "ECDHE_ECDSA",
    ):
        assert any(part in name for name in names), part
    assert not any("PSK" in name or "SRP" in name for name in names)
    assert extensions[0] == b"\0\x0c\0\0\x09a.example"
    assert {10, 11, 13} <= set(extensions)


def test_no_hello_has_a_length_that_some_servers_hang_on() -> None:
    for host in ("", "192.0.2.1", "a.example", *("x" * n + ".example" for n in range(1, 63))):
        assert not 256 <= len(client_hello(host, RANDOM)) - 5 < 512
        fields(client_hello(host, RANDOM))


def test_an_old_servers_hello_has_no_extensions() -> None:
    version, suites, extensions = fields(client_hello("a.example", RANDOM, version=0x0300, extensions=False))
    assert (version, extensions) == (0x0300, {})
    assert 0x0005 in suites
    with pytest.raises(ValueError, match="32"):
        client_hello("a.example", b"short")


@pytest.mark.parametrize(
    ("host", "name"),
    [("a.example", "a.example"), ("a.example.", "a.example"), ("bücher.example", "xn--bcher-kva.example")]
    + [
        (host, None)
        for host in (
            "192.0.2.1",
            "::1",
            "fe80::1%eth0",
            "",
            ".",
            "a..b",
            "x" * 64,
            "a." * 127 + "a",
            "a\0b",
            "\udfff",
        )
    ],
)
def test_names_go_into_sni_and_nothing_else(host: str, name: str | None) -> None:
    assert server_name(host) == name
    assert (0 in fields(client_hello(host, RANDOM))[2]) is (name is not None)


@given(st.text(max_size=300))
def test_any_host_has_a_hello(host: str) -> None:
    fields(client_hello(host, RANDOM))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_servers_certificate_is_had_without_a_handshake(version: str) -> None:
    server = Server(lax_context(version))
    answer = server.take(client_hello("a.example", RANDOM))
    flight, said = held([answer])
    tls = seen(flight, NOW)
    assert said == client_hello("a.example", RANDOM)
    assert tls.version == ("TLSv1.2" if version == "TLSv1.3" else version)
    assert tls.certificate is not None
    assert tls.certificate.names == ("a.example", "192.0.2.1")
    assert tls.error is None
    chosen = next(number for number, name in ciphers.NAMES.items() if name == tls.cipher)
    assert chosen in fields(said)[1]


@pytest.mark.parametrize("size", [1, 10, 1 << 20])
def test_ssl_3_with_rc4_shows_itself(size: int) -> None:
    data = flights.flight()
    flight, _ = held([data[at : at + size] for at in range(0, len(data), size)])
    tls = seen(flight, NOW)
    assert (tls.version, tls.cipher) == ("SSLv3", "TLS_RSA_WITH_RC4_128_SHA")
    assert tls.certificate is not None
    assert tls.certificate.names == ("a.example", "192.0.2.1")


@pytest.mark.parametrize("end", [End.EOF, End.RESET, End.DEADLINE])
def test_what_came_before_the_end_is_kept(end: End) -> None:
    data = flights.flight()
    flight, _ = held([data[:-9]], end)
    assert (flight.version, flight.chain, flight.done) == ("SSLv3", flights.CHAIN, False)
    assert held([], end)[0].version is None
    assert held([b"\x16\3\0\0\0" * 100_000], end)[0].done


def serve_old(peer: socket.socket, version: tuple[int, int], cipher: str, pem: tuple[str, str]) -> None:
    """One handshake of a server that still has SSL 3.0, RC4 and 3DES."""
    from tlslite import api, errors

    settings, chain = api.HandshakeSettings(), api.X509CertChain()
    settings.minVersion, settings.maxVersion = (3, 0), version
    settings.cipherNames, settings.keyExchangeNames = [cipher], ["rsa"]
    chain.parsePemList(pem[1])
    key = api.parsePEMKey(pem[0], private=True)
    with peer, contextlib.suppress(errors.TLSError, errors.TLSAbruptCloseError, OSError):
        api.TLSConnection(peer).handshakeServer(certChain=chain, privateKey=key, settings=settings)


@pytest.mark.parametrize(
    ("version", "cipher", "shows"),
    [
        ((3, 0), "rc4", ("SSLv3", "TLS_RSA_WITH_RC4_128_SHA")),
        ((3, 0), "3des", ("SSLv3", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
        ((3, 1), "rc4", ("TLSv1", "TLS_RSA_WITH_RC4_128_SHA")),
        ((3, 3), "3des", ("TLSv1.2", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")),
    ],
)
def test_a_server_that_openssl_refuses_shows_itself_to_the_second_hello(
    version: tuple[int, int], cipher: str, shows: tuple[str, str], rsa_pem: tuple[str, str]
) -> None:
    pytest.importorskip("tlslite")

    def answers(hello: bytes) -> bytes:
        """What the server says to `hello` before it waits again or hangs up."""
        ours, theirs = socket.socketpair()
        server = threading.Thread(target=serve_old, args=(theirs, version, cipher, rsa_pem))
        server.start()
        with ours:
            ours.settimeout(10)
            ours.sendall(hello)
            ours.shutdown(socket.SHUT_WR)
            answer = b""
            while data := ours.recv(65536):
                answer += data
        server.join(10)
        return answer

    session = Session("old.example")
    assert not session.handshake()
    session.feed(answers(session.outgoing()))
    session.feed_eof()
    with pytest.raises(HandshakeError):
        session.handshake()
    first = session.result(NOW)
    assert worth_retrying(first)

    flight, _ = held([answers(client_hello("old.example", RANDOM))])
    tls = seen(flight, NOW, first)
    assert (tls.version, tls.cipher) == shows
    assert tls.certificate is not None
    assert tls.certificate.subject == "CN=old.example"
    assert tls.error == first.error


@pytest.fixture(scope="session")
def rsa_pem() -> tuple[str, str]:
    return self_signed("old.example", 2048)


SOME = Certificate("00")


@pytest.mark.parametrize(
    ("first", "worth"),
    [
        (Tls(version="TLSv1.3", certificate=SOME), False),
        (Tls(version="TLSv1.2"), False),
        (Tls(certificate=SOME, error="handshake_failure"), False),
        (Tls(error="handshake_failure"), True),
        (Tls(error="protocol_version"), True),
        (Tls(error="insufficient_security"), True),
        (Tls(version="SSLv3", error="unsupported_protocol"), True),
        (Tls(error="reset"), True),
        (Tls(error="eof"), True),
        (Tls(error="deadline"), False),
        (Tls(error="limit"), False),
        (Tls(error="not_tls"), False),
    ],
)
def test_a_second_connection_is_spent_where_it_may_show_more(first: Tls, worth: bool) -> None:
    assert worth_retrying(first) is worth


def test_both_hellos_make_one_record() -> None:
    first = Tls(error="handshake_failure", starttls="smtp")
    whole = Flight()
    whole.feed(flights.flight())
    both = seen(whole, NOW, first)
    assert (both.version, both.error, both.starttls) == ("SSLv3", "handshake_failure", "smtp")
    assert both.certificate is not None
    refused = Flight()
    refused.feed(flights.record(21, b"\2\x28"))
    assert seen(refused, NOW, first) is first
    assert seen(refused, NOW).error == "handshake_failure"


def test_who_shows_no_certificate_is_our_last_choice() -> None:
    lenient = lax_context("TLSv1.2")
    lenient.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    lenient.set_ciphers("AECDH-AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    session = Session()
    assert shake(session, Server(lenient)) is None
    assert session.result(NOW).certificate is not None
    flight, _ = held([Server(lenient).take(client_hello("", RANDOM))])
    assert flight.chain == (flights.DER,)
