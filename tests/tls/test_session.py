"""TLS sessions without sockets: every version, what is offered and what is read of the chain."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import sys

import pytest
import trustme

from banner.models import Certificate, End
from banner.plan.hellos import OFFERED
from banner.tls import ciphers, der
from banner.tls.contexts import context
from banner.tls.errors import HandshakeError
from banner.tls.session import Session
from tests.tls.sessions import LEAF, NOW, bare
from tests.tls_peer import VERSIONS, Server, lax_context, self_signed, shake


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_in_any_segments(version: str, size: int) -> None:
    session, server = (
        Session("a.example", alpn=OFFERED),
        Server(lax_context(version, alpn=("imap", "http/1.1"))),
    )
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


def test_after_starttls_nothing_is_offered_and_the_record_says_which() -> None:
    session = Session(starttls="imap")
    assert shake(session, Server(lax_context(alpn=("imap",)))) is None
    tls = session.result(NOW)
    assert (tls.alpn, tls.starttls) == (None, "imap")


def test_nothing_is_sent_or_received_before_the_handshake() -> None:
    session = Session()
    session.send(b"in the clear?")
    assert session.outgoing() == b""
    assert session.receive(100) == b""
    assert session.end is None


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
