"""Bytes to services: the protocol by structure, words and port; floods, cuts, damage; several collections at once."""

from __future__ import annotations

import random
import subprocess
import sys
from functools import partial
from importlib import import_module

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import banner
from banner import Rules, identify
from banner.recognition.packets import telnet
from tests.quick import quick

from .corpus import corpus

MYSQL = b"J\0\0\0\x0a8.0.36\0" + bytes(range(1, 70))

PROTOCOLS = [
    (b"SSH-2.0-Xyz\r\n", "ssh"),
    (b"Unauthorised use is forbidden\r\nSSH-2.0-Xyz\r\n", "ssh"),
    (b"220 mx.example ESMTP\r\n", "smtp"),
    (b"220 ftp.example ESMTP\r\n", "smtp"),
    (b"220 mail.example FTP server ready\r\n", "ftp"),
    (b"220-Welcome\r\n220 to the FTP of us\r\n", "ftp"),
    (b"554 mx.example ESMTP not accepting messages\r\n", "smtp"),
    (b"200 news.example posting ok\r\n", "nntp"),
    (b"+OK ready <1.2@mx.example>\r\n", "pop3"),
    (b"* OK IMAP4rev1 ready\r\n", "imap"),
    (b"* BYE too many connections\r\n", "imap"),
    (b"\xff\xfb\x01\xff\xfd\x18login: ", "telnet"),
    (b"Foo appliance\r\n\r\nUser Name: ", "telnet"),
    (MYSQL, "mysql"),
    (b"\x10\0\0\x01\xff\x15\x04#28000Access", "mysql"),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "http"),
    (b"<!DOCTYPE html><html></html>", "http"),
    (b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", "rtsp"),
    (b"SIP/2.0 200 OK\r\nVia: a\r\nCSeq: 1 OPTIONS\r\nCall-ID: b\r\n\r\n", "sip"),
    (b"@RSYNCD: 31.0 sha512\n", "rsync"),
    (b"RFB 003.008\n", "vnc"),
    (b":irc.example NOTICE * :*** Looking up your hostname...\r\n", "irc"),
    (b"NOTICE AUTH :*** Looking up your hostname\r\n", "irc"),
    (b'INFO {"server_id":"A","version":"2.10.7"}\r\n', "nats"),
    (b"( success ( 2 2 ( ) ( edit-pipeline ) ) ) ", "svn"),
    (b'"IMPLEMENTATION" "Xyz"\r\n"SASL" "PLAIN"\r\nOK\r\n', "managesieve"),
    (b"-NOAUTH Authentication required.\r\n", "redis"),
    (b"-ERR unknown command 'GET'\r\n", "redis"),
    (b"-ERR go away\r\n", "pop3"),
    (b"VERSION 1.6.21\r\n", "memcached"),
    (b"\x15\x03\x01\x00\x02\x02\x28", "tls"),
    (b"AMQP\0\0\x09\x01", "amqp"),
    (b"\x20\x02\x00\x05", "mqtt"),
    (b"Zookeeper version: 3.8.0-x, built on 2022\n", "zookeeper"),
    (b"E\0\0\0\x1eSFATAL\0C0A000\0Mnot so\0\0", "postgresql"),
    (b"\x00\x06\x85\0\0\1\0\1\0\0\0\0\7version\4bind\0\0\x10\0\3\xc0\x0c\0\x10\0\3\0\0\0\0\0\4\3abc", "dns"),
    (b"\x01Permission denied.\n", "rsh"),
    (b"\x01\0\x0b\0\0\0\x1b\0" + bytes(16) + b"\4\0" + bytes(14) + b"Acme", "x11"),
]


@pytest.mark.parametrize(("data", "name"), PROTOCOLS, ids=[name for _, name in PROTOCOLS])
def test_structure_tells_the_protocol_without_the_port(data: bytes, name: str) -> None:
    found = identify(data)
    assert found is not None
    assert found.name == name
    wrong_port = identify(data, port=9999)
    assert wrong_port is not None
    assert wrong_port.name == name


@pytest.mark.parametrize("first", [b"", b"N", b"S"])
def test_an_error_of_postgresql_is_read_after_the_answer_about_tls(first: bytes) -> None:
    said = b"SFATAL\0C08P01\0Mbad packet header: '0000000900ff0000'\0\0"
    found = identify(first + b"E" + (len(said) + 4).to_bytes(4, "big") + said)
    assert found is not None
    assert (found.name, found.product) == ("postgresql", "PgBouncer")


@pytest.mark.parametrize(
    ("data", "port", "name"),
    [
        (b"220 ready\r\n", 21, "ftp"),
        (b"220 ready\r\n", 25, "smtp"),
        (b"220 mx.example ESMTP\r\n", 2121, "smtp"),
        (b"220 FTP ready\r\n", 25, "ftp"),
        (b"Welcome", 23, "telnet"),
    ],
)
def test_the_port_breaks_ties_only(data: bytes, port: int, name: str) -> None:
    found = identify(data, port=port)
    assert found is not None
    assert found.name == name


def test_nothing_is_known_of_what_has_no_shape() -> None:
    assert identify(b"") is None
    assert identify(b"hello") is None
    assert identify(bytes(64)) is None


def test_certainty_falls_from_structure_to_words_to_port() -> None:
    certain, worded, ported = (
        identify(b"* OK ready"), identify(b"Qwx: password: "), identify(b"Qwx", port=23),
    )  # fmt: skip
    assert certain is not None
    assert worded is not None
    assert ported is not None
    assert certain.confidence > worded.confidence > ported.confidence > 0


def test_a_known_protocol_is_believed() -> None:
    found = identify(b"whatever this is", protocol="redis")
    assert found is not None
    assert found.name == "redis"
    ftp = identify(b"220 ESMTP", protocol="ftp")
    assert ftp is not None
    assert ftp.name == "ftp"


def test_mariadb_is_not_5_5_5() -> None:
    found = identify(b"J\0\0\0\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\0" + bytes(range(1, 70)))
    assert found is not None
    assert found.product == "MariaDB"
    assert found.version is not None
    assert found.version.startswith("10.11.6")


def test_telnet_negotiation_is_cut_out() -> None:
    reading = telnet(b"\xff\xfb\x01\xff\xfa\x18\x01\xff\xf0\xff\xfd\x1f\r\nRouter login: \xff\xfd")
    assert reading is not None
    assert reading.fields == [("telnet.banner", "Router login: ")]


FLOODS = [
    *(bytes((byte,)) * 2048 for byte in range(256)),
    b"220-" * 512, b"220 " * 512, b"((((" * 512, b"220-\r\n" * 340, b"220 " + b"a." * 1022, b"220 " + b"a " * 1022,
    b"HTTP/1.1 200 OK\r\n" + b"a:" * 1000, b"HTTP/1.1 200 OK\r\nServer: " + b"a/1 " * 500,
    b"HTTP/1.1 200 OK\r\nServer: " + b"a" * 2000, b"HTTP/1.1 200 OK\r\n\r\n" + b"<title" * 330,
    b"HTTP/1.1 200 OK\r\n\r\n<title>" + b" " * 2000, b"SSH-2.0-" + b"_" * 2000, b"SSH-2.0-" + b"1." * 1000,
    b"\xff\xfa" + b"\xff\xff" * 1000, b"\xff\xfa" * 1000, b"+OK " + b"1." * 1000, b"* OK " + b"(" * 2000,
    b":" + b" " * 2000, b":a NOTICE" * 200, b"SIP/2.0 200\r\nServer: " + b"1.2-" * 500,
]  # fmt: skip


def test_no_flood_is_slow() -> None:
    engine = Rules()._engine
    slow = []
    for flood in FLOODS:
        engine.identify(flood)  # patterns compile when first needed
        if not quick(partial(engine.identify, flood), 0.005):
            slow.append(flood[:32])
    assert not slow


@given(st.binary(max_size=300), st.none() | st.integers(0, 65535))
def test_no_bytes_make_it_raise(data: bytes, port: int | None) -> None:
    identify(data, port=port)


@given(st.sampled_from([data for data, _ in PROTOCOLS]), st.data())
def test_damaged_greetings_do_not_make_it_raise(greeting: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(greeting)))
    noise = data.draw(st.binary(max_size=8))
    found = identify(greeting[:cut] + noise + greeting[cut + len(noise) :])
    assert found is None or found.name


def test_only_the_first_2_kb_are_read() -> None:
    assert identify(b"x" * 2048 + b"\nSSH-2.0-OpenSSH_9.2\r\n") is None


def test_two_collections_live_in_one_process(tmp_path: object) -> None:
    plain, other = Rules(), Rules(built_in=False)
    greeting = b"SSH-2.0-OpenSSH_9.6\r\n"
    first, second = plain.identify(greeting), other.identify(greeting)
    assert first is not None
    assert second is not None
    assert first.product == "OpenSSH"
    assert second.product is None


def test_equal_greetings_are_answered_from_memory() -> None:
    rules = Rules()
    rng = random.Random(1)
    greetings = [b"SSH-2.0-OpenSSH_9.%d\r\n" % rng.randrange(9) for _ in range(500)]
    for greeting in greetings:
        assert rules.identify(greeting, port=22) == rules._engine.identify(greeting, 22)
    assert rules._identify.cache_info().hits >= 490
    asked = rules._identify.cache_info()
    assert rules.fresh(greetings[0], 22) == rules.identify(greetings[0], port=22)
    assert rules._identify.cache_info().misses == asked.misses
    assert rules._identify.cache_info().hits == asked.hits + 1


def test_the_json_of_an_answer_is_that_of_its_service() -> None:
    """Written from a rule's ready pieces, for every example of every rule, also with marks that JSON escapes."""
    engine = Rules()._engine
    odd = str.maketrans({"7": '7"', "8": "8\\"})
    told = 0
    for number, one in enumerate(corpus()):
        data = (
            one.greeting
            if number % 2
            else one.greeting.decode("latin-1").translate(odd).encode("latin-1", "replace")
        )
        service = engine.identify(data, 21 if number % 3 else None)
        expected = None if service is None else msgspec.json.encode(service)
        assert engine.encoded(data, 21 if number % 3 else None, (), False) == expected
        told += service is not None
    assert told > 5_000


def test_identifying_touches_neither_rich_nor_cryptography_nor_uvloop() -> None:
    code = (
        "import sys, banner; banner.identify(b'SSH-2.0-x');"
        "print([m for m in ('rich', 'cryptography', 'uvloop', 'asyncio', 'socket') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_function_is_no_module() -> None:
    module = import_module("banner.recognition.identify")
    assert banner.identify is module.identify
