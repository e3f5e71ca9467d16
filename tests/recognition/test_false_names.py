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
