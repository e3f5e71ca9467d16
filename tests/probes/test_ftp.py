"""FTP: telling it from SMTP, features, and the certificate."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.models import Service

from .conversation import TLS, client, play, server

FTP = probes.get("ftp")
FEAT, SYST, QUIT = client(b"FEAT\r\n"), client(b"SYST\r\n"), client(b"QUIT\r\n")


@pytest.mark.parametrize(
    "greeting", [b"220 mx ESMTP Postfix\r\n", b"220 Mail server ready\r\n", b"220 x LMTP\r\n"]
)
def test_a_mail_server_hears_nothing(greeting: bytes) -> None:
    played = play(FTP, [server(greeting)])
    assert played.service is None
    assert not played.wire.sent


def test_a_mail_server_in_disguise_is_let_go() -> None:
    unknown = server(b"500 unrecognized command\r\n")
    assert play(FTP, [server(b"220 ready\r\n"), FEAT, unknown, SYST, unknown], port=40000).service is None


def test_a_server_without_feat_is_asked_for_its_system() -> None:
    said = [server(b"220 ready\r\n"), FEAT, server(b"500 ?\r\n"), SYST, server(b"215 Windows_NT\r\n"), QUIT]
    played = play(FTP, said, port=40000)
    assert played.service == Service("ftp")
    assert played.wire.details == {"system": "Windows_NT"}
    assert played.missing == ()


def test_a_server_that_wants_a_login_first_is_ftp_by_its_words() -> None:
    login = server(b"530 Please login with USER and PASS.\r\n")
    said = [server(b"220 ready\r\n"), FEAT, login, SYST, login, QUIT]
    assert play(FTP, said, port=40000).service == Service("ftp")


def test_a_refusal_is_ftp_by_its_words_or_its_port() -> None:
    busy = [server(b"421 Too many connections\r\n")]
    assert play(FTP, busy, port=21).service == Service("ftp")
    assert play(FTP, busy, port=40000).service is None
    assert play(FTP, [server(b"421 This FTP server is full\r\n")], port=40000).service == Service("ftp")


def test_tls_that_is_refused_is_not_started() -> None:
    features = server(b"211-Features:\r\n AUTH TLS;TLS-C;SSL;\r\n211 End\r\n")
    said = [server(b"220 x\r\n"), FEAT, features, client(b"AUTH TLS\r\n"), server(b"431 no key\r\n"), QUIT]
    assert play(FTP, said).missing == ()


def test_ssl_by_its_old_name_is_tls() -> None:
    features = server(b"211-Features:\r\n AUTH SSL\r\n211 End\r\n")
    said = [server(b"220 x\r\n"), FEAT, features, client(b"AUTH TLS\r\n"), server(b"234 ok\r\n"), TLS, QUIT]
    assert play(FTP, said).missing == ()


@pytest.mark.parametrize(
    "first", [b"120 Service ready in 1 minute\r\n", b"120-Hello\r\n120 ready in 1 minute\r\n"]
)
def test_a_server_that_is_not_ready_yet_is_waited_for(first: bytes) -> None:
    said = [server(first), server(b"220 (vsFTPd 3.0.3)\r\n"), FEAT, server(b"211 End\r\n"), QUIT]
    played = play(FTP, said, port=40000)
    assert (played.service, played.missing) == (Service("ftp"), ())
    known = identify(first + b"220 (vsFTPd 3.0.3)\r\n")
    assert known is not None
    assert (known.name, known.product, known.version) == ("ftp", "vsFTPd", "3.0.3")
