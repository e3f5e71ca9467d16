"""Kinds of false names: what looks like a product and is none, and whose words another protocol says as well."""

from __future__ import annotations

import itertools

import pytest

from banner import identify
from banner.recognition.cpe import filled, formatted
from banner.recognition.names import named, trimmed

NUMBERS_WORDS = ["Version", "Ver", "rev", "build", "Firmware", "Protocol", "Release", "Server"]
FRAMES = [
    ("220 {} {} ready.\r\n", 21),
    ("220 host.example {} {} ready\r\n", 25),
    ("+OK {} {} ready\r\n", 110),
    ("* OK {} {} ready\r\n", 143),
    ("HTTP/1.1 200 OK\r\nServer: {}/{}\r\n\r\n", 80),
    ("HTTP/1.1 200 OK\r\nServer: {} {}\r\n\r\n", 80),
]


@pytest.mark.parametrize(("frame", "port"), FRAMES)
@pytest.mark.parametrize("word", NUMBERS_WORDS)
def test_a_word_before_a_number_is_no_product(frame: str, port: int, word: str) -> None:
    found = identify(frame.format(word, "6.3").encode(), port=port)
    assert found is not None
    assert found.product is None, found
    behind = identify(frame.format(f"XR-500 {word}", "6.3").encode(), port=port)
    assert behind is not None
    assert word.lower() not in (behind.product or "").lower().split() or word == "Server", behind


@pytest.mark.parametrize(
    "greeting", ["220 XR-500 Version 6.3 ready.\r\n", "220 Gizmo 2.1 at your service\r\n"]
)
def test_the_port_beats_a_name_by_its_shape(greeting: str) -> None:
    at_ftp, at_smtp = identify(greeting.encode(), port=21), identify(greeting.encode(), port=25)
    assert at_ftp is not None
    assert at_smtp is not None
    assert (at_ftp.name, at_smtp.name) == ("ftp", "smtp")


POP3_ERRORS = [
    "unknown command",
    "Unknown command 'GET'",
    "invalid command",
    "authentication failed",
    "auth first",
]


@pytest.mark.parametrize(("words", "port"), list(itertools.product(POP3_ERRORS, (110, 995))))
def test_an_error_where_pop3_is_spoken_is_pop3(words: str, port: int) -> None:
    found = identify(f"-ERR {words}\r\n".encode(), port=port)
    assert found is not None
    assert (found.name, found.product, found.cpe) == ("pop3", None, ())


@pytest.mark.parametrize("words", [*POP3_ERRORS[2:], "protocol error", "max connections", "bad arguments"])
def test_an_error_that_redis_does_not_word_so_is_no_redis(words: str) -> None:
    found = identify(f"-ERR {words}\r\n".encode())
    assert found is None or found.name != "redis", found


@pytest.mark.parametrize(
    "error",
    [
        "ERR unknown command `FOO`, with args beginning with: ",
        "NOAUTH Authentication required.",
        "ERR operation not permitted",
    ],
)
def test_an_error_that_all_of_redis_kin_give_names_none_of_them(error: str) -> None:
    found = identify(f"-{error}\r\n".encode(), port=6379)
    assert found is not None
    assert (found.name, found.product, found.cpe) == ("redis", None, ())


@pytest.mark.parametrize(
    ("fields", "product", "version"),
    [
        ("garnet_version:1.0.44\r\nredis_version:7.4.3", "Garnet", "1.0.44"),
        (
            "redis_version:6.3.4\r\nredis_mode:standalone\r\nexecutable:/usr/bin/keydb-server",
            "KeyDB",
            "6.3.4",
        ),
        ("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1", "Valkey", "8.0.1"),
    ],
)
def test_who_speaks_redis_is_not_redis_for_that(fields: str, product: str, version: str) -> None:
    for head in ("$99\r\n# Server\r\n", "+PONG\r\n$99\r\n# Server\r\n"):
        found = identify(f"{head}{fields}\r\n".encode())
        assert found is not None
        assert (found.name, found.product, found.version) == ("redis", product, version)
        assert not any(":redis:" in name for name in found.cpe)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("9.0.1FP8 HF475)", "9.0.1FP8 HF475"),
        ("2.34.", "2.34"),
        ("1.2 (build 3)", "1.2 (build 3)"),
        ("12.2(33)SXI", "12.2(33)SXI"),
        ("1.0 [x", "1.0"),
        ("a(b]c", "a"),
        ("foo:_-", "foo"),
        (")", ""),
        ("", ""),
    ],
)
def test_a_value_ends_where_it_ends(text: str, whole: str) -> None:
    assert trimmed(text) == whole


@pytest.mark.parametrize(
    ("guess", "name"),
    [
        ("XR-500 Version", "XR-500"),
        ("Version", None),
        ("FTP Server", None),
        ("Foo Server", "Foo Server"),
        ("Foo build", "Foo"),
    ],
)
def test_a_guess_loses_the_words_of_its_number(guess: str, name: str | None) -> None:
    assert named(guess) == name


@pytest.mark.parametrize(
    ("version", "bare", "update"),
    [
        ("8.0.32-0ubuntu0.22.04.2", "8.0.32", "*"),
        ("1.2.3+dfsg-1", "1.2.3", "*"),
        ("7.0~rc1", "7.0", "rc1"),
        ("9.11.4-P2", "9.11.4", "p2"),
        ("1.13.0/rf", "1.13.0", "*"),
        ("12.2(33)SXI", "12.2\\(33\\)sxi", "*"),
        ("9.0.1FP8 HF475", "9.0.1fp8", "*"),
        ("V5R4", "v5r4", "*"),
    ],
)
def test_the_version_of_a_cpe_is_the_bare_one(version: str, bare: str, update: str) -> None:
    name = filled("cpe:2.3:a:maker:thing:{service.version}:*:*:*:*:*:*:*", {"service.version": version})
    assert formatted(name) == f"cpe:2.3:a:maker:thing:{bare}:{update}:*:*:*:*:*:*"


def handshake(version: str) -> bytes:
    """MySQL's greeting (Protocol::HandshakeV10) of a server that calls itself `version`."""
    body = b"\x0a" + version.encode() + b"\0\1\0\0\0abcdefgh\0\xff\xf7\x21\2\0\xff\x81\x15" + bytes(10)
    body += b"abcdefghijkl\0mysql_native_password\0"
    return len(body).to_bytes(3, "little") + b"\0" + body


@pytest.mark.parametrize(
    ("said", "product", "version"),
    [
        ("2.2.11-id64-release", "Sphinx", "2.2.11"),
        ("5.6.29-TDDL-5.4.12", "PolarDB-X", "5.4.12"),
        ("5.5.62-38.14", "Percona Server", "5.5.62"),
        ("5.6.28rel80.1", "Percona Server", "5.6.28"),
        ("8.0.32debug", "MySQL", "8.0.32"),
        ("8.0.28rc1", "MySQL", "8.0.28"),
        ("5.0.51b", "MySQL", "5.0.51b"),
        ("8.0.36-log", "MySQL", "8.0.36"),
        ("5.7.9-10.5.8-MariaDB-1", "MariaDB", "10.5.8"),
        ("6.0.4 some words", None, None),
        ("1.2.3", None, None),
        ("7.1.0-log", None, None),
        ("12.0.1", None, None),
        ("8.0.30-somebody", None, None),
        ("5.6.29-mycat-1.6.7", None, None),
        ("5.7.18-txsql-log", None, None),
        ("5.6.32-AliSQL", None, None),
        ("5.7.10-TiDB-None", "TiDB", None),
        ("5.7.99", None, None),
        ("8.0.99", None, None),
        ("5.1.40-QorvexDB", None, None),
    ],
)
def test_who_speaks_mysql_is_not_mysql_for_that(said: str, product: str | None, version: str | None) -> None:
    found = identify(handshake(said), port=3306)
    assert found is not None
    assert (found.name, found.product, found.version) == ("mysql", product, version)


def test_a_debug_build_is_of_no_distribution() -> None:
    found = identify(handshake("5.5.5-10.5.8-MariaDB-debug"), port=3306)
    assert found is not None
    assert (found.product, found.version, found.os) == ("MariaDB", "10.5.8", None)


@pytest.mark.parametrize(
    ("greeting", "port", "vendor", "product", "version"),
    [
        ("Server: Synapse/1.98.0", 80, "Matrix.org", "Synapse", "1.98.0"),
        ("Server: pve-api-daemon/3.0", 8006, "Proxmox", "Virtual Environment", None),
        ("Server: MiniServ/0.03", 10000, "Webmin", "MiniServ", None),
        ("Server: Sophos Something", 80, "Sophos", None, None),
        ("Server: RStudio Connect v1.8.0", 80, "RStudio", "RStudio Connect", "1.8.0"),
        ("Set-Cookie: JServSessionIdroot=a", 80, "Apache", "JServ", None),
        ("X-Powered-By: Servlet/5.0; Foo-7", 80, None, None, None),
        ("X-Powered-By: JSP/2.3", 80, None, None, None),
        ("Server: mod_perl/2.0", 80, None, None, None),
        ("Server: NETGEAR WNDR3700 UPnP/1.0 miniupnpd/1.0", 80, "MiniUPnP Project", "MiniUPnPd", "1.0"),
        ("220 Sophos ESMTP ready\r\n", 25, "Sophos", None, None),
        ("MOXA EDS-405A login: ", 23, "Moxa", None, None),
        ("SSH-2.0-1.36_sshlib Foo Transfer\r\n", 22, None, None, None),
        ("+OK POP3 mail v2.1 server ready\r\n", 110, None, None, None),
        (
            "RTSP/1.0 200 OK\r\nServer: Hipcam RealServer/V1.0\r\n\r\n",
            554,
            "Hipcam",
            "Hipcam RealServer",
            "1.0",
        ),
        ("220 a.example ESMTP Sendmail 8.17.1.9/8.17.1.9; now\r\n", 25, "Sendmail", "Sendmail", "8.17.1.9"),
    ],
)
def test_a_rule_names_no_more_than_its_words(
    greeting: str, port: int, vendor: str | None, product: str | None, version: str | None
) -> None:
    whole = (
        f"HTTP/1.1 200 OK\r\n{greeting}\r\n\r\n" if "\r\n" not in greeting and port not in (23,) else greeting
    )
    found = identify(whole.encode(), port=port)
    assert found is not None
    assert (found.vendor, found.product, found.version) == (vendor, product, version)


@pytest.mark.parametrize("realm", ["WRT54G", "NETGEAR WGR614v6", "DCS-932L", "RT-N66U"])
def test_a_model_is_no_system(realm: str) -> None:
    found = identify(f'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="{realm}"\r\n\r\n'.encode())
    assert found is not None
    assert found.os is None
    assert found.product is not None


@pytest.mark.parametrize(
    ("greeting", "told"),
    [
        ("Office (1st floor) FTP server (MikroTik 6.23) ready", "MikroTik RouterOS 6.23"),
        ("AP9630 Network Management Card AOS v5.1.5 FTP server ready.", "APC AOS 5.1.5"),
        ("Some Switch FTP server (Version VxWorks5.4.2) ready.", "Wind River VxWorks 5.4.2"),
        ("SHARP MX-2010U Ver 01.05.00.2k.56 FTP server.", "01.05.00.2k.56"),
        ("Pure-FTPd 1.0.49 ready", "1.0.49"),
    ],
)
def test_a_version_behind_words_is_told(greeting: str, told: str) -> None:
    found = identify(f"220 {greeting}\r\n".encode(), port=21)
    assert found is not None
    assert told in (found.os, found.version)


@pytest.mark.parametrize("port", [6379, 6380, 26379])
@pytest.mark.parametrize("answer", [b"-ERR unknown command\r\n", b"-ERR server busy\r\n", b"+OK\r\n"])
def test_a_line_where_redis_is_spoken_is_no_pop3(answer: bytes, port: int) -> None:
    found = identify(answer, port=port)
    assert found is not None
    assert (found.name, found.product) == ("redis", None)


def test_an_error_in_quotes_is_of_nats() -> None:
    found = identify(b"-ERR 'Authorization Violation'\r\n", port=4222)
    assert found is not None
    assert found.name == "nats"


@pytest.mark.parametrize(
    "own", ["pika_version:3.5.3", "newkv_version:1.0", "server_name:newkv", "ardb_version:0.9.3"]
)
def test_who_has_a_version_of_its_own_is_not_redis(own: str) -> None:
    said = f"# Server\r\n{own}\r\nredis_version:6.2.7\r\nos:Linux 5.15 x86_64\r\n"
    found = identify(f"${len(said)}\r\n{said}\r\n".encode(), port=6379)
    assert found is not None
    assert found.product != "Redis"
    assert found.cpe == ()


@pytest.mark.parametrize(
    "words", ["Servlet/5.0; Qorvex-7", "JSP/2.2", "Kernel/2.6", "Firmware/2.3", "Device/1.0"]
)
def test_what_many_run_on_is_no_product(words: str) -> None:
    found = identify(f"HTTP/1.1 200 OK\r\nServer: {words}\r\n\r\n".encode())
    assert found is not None
    assert found.product is None
