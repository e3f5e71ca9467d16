"""LDAP's root DSE, read without a bind."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.models import Service
from banner.probes._ber import encode, integer

from .conversation import TLS, Turn, client, play, server
from .recordings import everything

LDAP = probes.get("ldap")
SEARCH = everything()["ldap"][0].turns[0]
UNBIND = client(bytes.fromhex("30050201034200"))
STARTTLS = b"1.3.6.1.4.1.1466.20037"
ASK_TLS, ASK_AGAIN = (
    client(encode(0x30, integer(number), encode(0x77, encode(0x80, STARTTLS)))) for number in (2, 3)
)


def entry(**attributes: list[bytes]) -> bytes:
    parts = (
        encode(0x30, encode(4, name.encode()), encode(0x31, *(encode(4, value) for value in values)))
        for name, values in attributes.items()
    )
    return encode(0x30, integer(1), encode(0x64, encode(4), encode(0x30, *parts)))


def result(kind: int = 0x65, code: int = 0, number: int = 1) -> bytes:
    return encode(0x30, integer(number), encode(kind, integer(code, tag=10), encode(4), encode(4)))


def test_the_question_is_a_search_and_no_bind() -> None:
    assert SEARCH.data[:2] == b"\x30\x82"
    assert SEARCH.data[4:8] == bytes.fromhex("02010163")
    assert b"supportedExtension" in SEARCH.data


def test_active_directory_is_known_by_its_capability() -> None:
    told = entry(
        supportedCapabilities=[b"1.2.840.113556.1.4.800"],
        dnsHostName=[b"dc1.example.org"],
        DOMAINCONTROLLERFUNCTIONALITY=[b"7"],
    )
    played = play(LDAP, [SEARCH, server(told + result()), UNBIND])
    assert played.service is not None
    assert (played.service.vendor, played.service.os) == ("Microsoft", "Windows")
    assert played.wire.details["host_name"] == "dc1.example.org"
    assert played.wire.details["controller_level"] == "7"
    by_rules = identify(
        entry(domainControllerFunctionality=[b"7"], dnsHostName=[b"dc1.example.org"]) + result()
    )
    assert by_rules is not None
    assert by_rules.os == "Microsoft Windows Server 2016 or later"


def test_samba_is_not_active_directory_although_it_has_its_capability() -> None:
    told = entry(
        supportedCapabilities=[b"1.2.840.113556.1.4.800"],
        domainControllerFunctionality=[b"4"],
        vendorName=[b"Samba Team (https://www.samba.org)"],
        vendorVersion=[b"4.17.12-Debian"],
    )
    played = play(LDAP, [SEARCH, server(told + result()), UNBIND])
    assert played.service is not None
    assert (played.service.product, played.service.version, played.service.os) == ("Samba", "4.17.12", None)
    by_rules = identify(told + result(), port=389)
    assert by_rules is not None
    assert (by_rules.product, by_rules.version) == ("Samba", "4.17.12")


def test_389_directory_server_tells_its_version() -> None:
    told = entry(vendorName=[b"389 Project"], vendorVersion=[b"389-Directory/2.3.1 B2023.041"])
    played = play(LDAP, [SEARCH, server(told + result()), UNBIND])
    assert played.service is not None
    assert (played.service.product, played.service.version) == ("389 Directory Server", "2.3.1")


def test_a_server_that_tells_strangers_nothing_is_ldap() -> None:
    played = play(LDAP, [SEARCH, server(result(code=50)), UNBIND])
    assert played.service == Service("ldap")
    assert played.wire.details == {"result_code": 50}


def test_starttls_that_is_refused_is_not_started() -> None:
    told = entry(supportedExtension=[STARTTLS]) + result()
    turns = [SEARCH, server(told), ASK_TLS, server(result(0x78, code=52, number=2)), UNBIND]
    assert play(LDAP, turns).missing == ()


def test_starttls_is_an_extended_operation() -> None:
    told = entry(supportedExtension=[STARTTLS]) + result()
    turns = [SEARCH, server(told), ASK_TLS, server(result(0x78, number=2)), TLS, UNBIND]
    assert play(LDAP, turns).missing == ()
    assert play(LDAP, [SEARCH, server(told), UNBIND], tls=True).missing == ()


def test_starttls_is_asked_for_again_where_the_search_was_still_under_way() -> None:
    told = server(entry(supportedExtension=[STARTTLS]) + result())
    busy, busy_again = (server(result(0x78, code=1, number=number)) for number in (2, 3))
    granted = server(result(0x78, number=3))
    assert play(LDAP, [SEARCH, told, ASK_TLS, busy, ASK_AGAIN, granted, TLS, UNBIND]).missing == ()
    assert play(LDAP, [SEARCH, told, ASK_TLS, busy, ASK_AGAIN, busy_again, UNBIND]).missing == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x80\x02\x01\x01",
        b"\x30\x85\x00\x00\x00\x00\x05hello",
        b"\x30\x84\x7f\xff\xff\xff",
        encode(0x30, integer(9), encode(0x65, integer(0, tag=10), encode(4), encode(4))),
        encode(0x30, integer(1), encode(0x61, integer(0, tag=10), encode(4), encode(4))),
        encode(0x30, encode(4, b"x"), encode(4, b"y")),
        encode(0x30, integer(1), encode(0x65, b"\x0a")),
    ],
)
def test_another_answer_is_let_go(answer: bytes) -> None:
    turns: list[Turn] = [SEARCH, server(answer)]
    played = play(LDAP, turns)
    assert played.service is None
    assert played.wire.found is None
