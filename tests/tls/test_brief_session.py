"""A handshake for the certificate alone ends where all is seen, and tells what a whole one tells."""

from __future__ import annotations

import ssl

import msgspec
import pytest

from banner.tls.session import Session
from tests.tls_peer import VERSIONS, Server, lax_context, shake

NOW = 4_000_000_000.0
INSIDE = [version for version in VERSIONS if version != "TLSv1.3"]


def answered(session: Session, server: Server) -> None:
    """One flight each way."""
    session.handshake()
    session.feed(server.take(session.outgoing()))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [1, 7, 100, 65536])
def test_it_tells_what_a_whole_one_tells(version: str, size: int) -> None:
    told = []
    for brief in (False, True):
        session, server = (
            Session("a.example", brief=brief, alpn=("imap",)),
            Server(lax_context(version, alpn=("imap",))),
        )
        shake(session, server, size)
        told.append(session.result(NOW))
    assert told[0] == told[1]
    assert told[0].alpn == "imap"
    assert told[0].error is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("alpn", [(), ("http/1.1",)])
def test_nothing_is_said_once_all_is_shown(version: str, alpn: tuple[str, ...]) -> None:
    session, server = Session("a.example", brief=True, alpn=alpn), Server(lax_context(version, alpn=alpn))
    answered(session, server)
    done = session.handshake()
    assert done
    assert session.outgoing() == b""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("brief", [True, False])
def test_a_server_that_wants_to_know_who_asks_is_told_of_by_a_whole_one(version: str, brief: bool) -> None:
    session, server = (
        Session("a.example", brief=brief),
        Server(lax_context(version, client=ssl.CERT_OPTIONAL)),
    )
    answered(session, server)
    session.handshake()
    assert session.outgoing()
    assert session.result(NOW).client_certificate is True


def test_it_wants_more_until_the_flight_is_whole() -> None:
    session, server = Session("a.example", brief=True), Server(lax_context("TLSv1.2"))
    session.handshake()
    answer = server.take(session.outgoing())
    session.feed(answer[:-1])
    assert not session.handshake()
    session.feed(answer[-1:])
    assert session.handshake()
    assert msgspec.to_builtins(session.result(NOW))["version"] == "TLSv1.2"
