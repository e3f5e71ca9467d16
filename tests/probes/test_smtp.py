"""SMTP: whom we greet back, and what we say."""

from __future__ import annotations

import pytest

from banner import probes
from banner.dialogue import Wire
from banner.models import Manners, Service

from .conversation import client, play, server

SMTP = probes.get("smtp")
EHLO = client(b"EHLO banner.invalid\r\n")


@pytest.mark.parametrize(
    "refusal",
    [b"554 No SMTP service here\r\n", b"421 4.7.0 too many connections\r\n", b"421-Sorry,\r\n421 SMTP\r\n"],
)
def test_who_refuses_is_smtp_and_hears_nothing(refusal: bytes) -> None:
    played = play(SMTP, [server(refusal)], port=40000)
    assert played.service == Service("smtp")
    assert not played.wire.sent


def test_a_refusal_without_a_word_of_mail_is_smtp_on_its_port_alone() -> None:
    said = [server(b"421 Too many connections\r\n")]
    assert play(SMTP, said, port=587).service == Service("smtp")
    assert play(SMTP, said, port=40000).service is None


@pytest.mark.parametrize(
    "greeting", [b"220 ProFTPD Server ready\r\n", b"220 FTP Server\r\n", b"220 x LMTP ready\r\n"]
)
def test_other_protocols_of_the_same_code_hear_nothing(greeting: bytes) -> None:
    played = play(SMTP, [server(greeting)])
    assert played.service is None
    assert not played.wire.sent


def test_an_ftp_server_in_disguise_is_let_go() -> None:
    played = play(SMTP, [server(b"220 ready\r\n"), EHLO, server(b"500 Unknown command\r\n")])
    assert played.service is None


def test_a_mail_server_that_does_not_know_ehlo_is_one_all_the_same() -> None:
    said = [
        server(b"220 x Sendmail 8.6\r\n"),
        EHLO,
        server(b"500 Command unrecognized\r\n"),
        client(b"QUIT\r\n"),
    ]
    assert play(SMTP, said).service == Service("smtp")


def test_a_mail_server_may_be_called_ftp() -> None:
    said = [server(b"220 ftp.example ESMTP\r\n"), EHLO, server(b"250 ftp.example\r\n"), client(b"QUIT\r\n")]
    assert play(SMTP, said).service == Service("smtp")


def test_a_server_that_closes_after_ehlo_is_left_alone() -> None:
    said = [server(b"220 x ESMTP\r\n"), EHLO, server(b"421 4.3.2 closing\r\n")]
    assert play(SMTP, said).service == Service("smtp")


def test_the_name_in_ehlo_is_the_callers() -> None:
    wire = Wire(received=b"220 x ESMTP\r\n", manners=Manners(ehlo="probe.example.org"))
    next(SMTP.talk(wire))
    assert wire.outgoing() == b"EHLO probe.example.org\r\n"


def test_starttls_that_is_refused_is_not_started() -> None:
    said = [
        server(b"220 x ESMTP\r\n"),
        EHLO,
        server(b"250-x\r\n250 STARTTLS\r\n"),
        client(b"STARTTLS\r\n"),
        server(b"454 4.7.0 TLS not available\r\n"),
        client(b"QUIT\r\n"),
    ]
    played = play(SMTP, said)
    assert played.service == Service("smtp")
    assert played.missing == ()


def test_inside_tls_starttls_is_not_asked_for_again() -> None:
    said = [server(b"220 x ESMTP\r\n"), EHLO, server(b"250-x\r\n250 STARTTLS\r\n"), client(b"QUIT\r\n")]
    assert play(SMTP, said, tls=True).missing == ()


def test_a_list_of_extensions_is_bounded() -> None:
    answer = b"".join(b"250-X%d %s\r\n" % (number, b"y" * 500) for number in range(20))
    flood = b"".join(b"250-Z%d\r\n" % number for number in range(300))
    said = [
        server(b"220 x ESMTP\r\n"),
        EHLO,
        server(b"250-x\r\n" + answer + flood + b"250 END\r\n"),
        client(b"QUIT\r\n"),
    ]
    extensions = play(SMTP, said).wire.details["extensions"]
    assert len(extensions) == 64
    assert max(map(len, extensions)) == 256


@pytest.mark.parametrize("line", [b"AUTH NTLM", b"AUTH LOGIN NTLM", b"AUTH=PLAIN NTLM LOGIN", b"auth ntlm"])
def test_who_offers_ntlm_is_asked_in_full_mode_alone(line: bytes) -> None:
    turns = [server(b"220 x ESMTP\r\n"), server(b"250-x\r\n250 " + line + b"\r\n"), server(b"504 no\r\n")]
    assert b"NTLM" not in play(SMTP, turns, strict=False).wire.sent
    assert bytes(play(SMTP, turns, strict=False, deep=True).wire.sent).endswith(b"AUTH NTLM\r\nQUIT\r\n")


@pytest.mark.parametrize("line", [b"AUTH LOGIN PLAIN", b"XNTLM", b"AUTH NTLMV9", b"AUTHNTLM"])
def test_who_does_not_offer_it_is_not_asked(line: bytes) -> None:
    turns = [server(b"220 x ESMTP\r\n"), server(b"250-x\r\n250 " + line + b"\r\n")]
    assert b"NTLM" not in play(SMTP, turns, strict=False, deep=True).wire.sent
