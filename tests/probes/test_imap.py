"""IMAP: capabilities from the greeting or asked for, and what ID tells."""

from __future__ import annotations

import pytest

from banner import probes
from banner.models import Service

from .conversation import client, play, server

IMAP = probes.get("imap")
LOGOUT = client(b"a5 LOGOUT\r\n")


def identified(answer: bytes) -> tuple[Service | None, dict[str, object]]:
    said = [
        server(b"* OK [CAPABILITY IMAP4rev1 ID] hi\r\n"),
        client(b"a2 ID NIL\r\n"),
        server(answer),
        LOGOUT,
    ]
    played = play(IMAP, said)
    assert played.missing == ()
    return played.service, played.wire.details


def test_capabilities_that_the_greeting_lacks_are_asked_for() -> None:
    said = [
        server(b"* OK Microsoft Exchange IMAP4 service ready\r\n"),
        client(b"a1 CAPABILITY\r\n"),
        server(b"* CAPABILITY IMAP4 IMAP4rev1\r\na1 OK done\r\n"),
        LOGOUT,
    ]
    played = play(IMAP, said)
    assert played.wire.details == {"capabilities": ["IMAP4", "IMAP4REV1"]}
    assert played.missing == ()


def test_a_goodbye_is_imap_and_hears_nothing() -> None:
    played = play(IMAP, [server(b"* BYE Too many connections\r\n")])
    assert played.service == Service("imap")
    assert not played.wire.sent


@pytest.mark.parametrize(
    ("answer", "vendor", "product", "version"),
    [
        (b'* ID ("name" "Cyrus IMAPD" "version" "v2.4.17-Debian")', "Cyrus", "Cyrus IMAP", "2.4.17"),
        (b'* ID ("name" "Courier" "version" "5.0.8")', "Courier", "Courier IMAP", "5.0.8"),
        (b'* id ("version" "1.2" "vendor" "Some Body" "name" "Mailer")', "Some Body", "Mailer", "1.2"),
        (b'* ID ("name" NIL "version" "3")', None, None, None),
        (b"* ID NIL", None, None, None),
    ],
)
def test_the_software_is_what_id_tells(
    answer: bytes, vendor: str | None, product: str | None, version: str | None
) -> None:
    service, _ = identified(answer + b"\r\na2 OK\r\n")
    assert service is not None
    assert (service.vendor, service.product, service.version) == (vendor, product, version)


def test_a_known_product_has_its_cpe() -> None:
    service, _ = identified(b'* ID ("name" "Cyrus IMAPD" "version" "3.4.3")\r\na2 OK\r\n')
    assert service is not None
    assert service.cpe == ("cpe:2.3:a:cyrus:imap:3.4.3:*:*:*:*:*:*:*",)


def test_the_whole_answer_is_kept() -> None:
    _, details = identified(b'* ID ("name" "A \\"b\\"" "os" "Plan 9" "x" "")\r\na2 OK\r\n')
    assert details["id"] == ['name=A \\"b\\"', "os=Plan 9"]


def test_a_version_cannot_break_a_cpe() -> None:
    service, _ = identified(b'* ID ("name" "Dovecot" "version" "*:*:evil")\r\na2 NO\r\n')
    assert service is not None
    assert service.cpe == ("cpe:2.3:a:dovecot:dovecot:*:*:*:*:*:*:*:*",)
