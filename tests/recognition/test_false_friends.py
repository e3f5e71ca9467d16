"""Greetings whose first bytes another protocol begins with as well."""

from __future__ import annotations

import pytest

from banner import identify


@pytest.mark.parametrize("port", [110, 6379, 16379, None])
def test_a_greeting_of_pop3_is_pop3_wherever_it_comes(port: int | None) -> None:
    found = identify(b"+OK Dovecot ready.\r\n", port=port)
    assert found is not None
    assert (found.name, found.product) == ("pop3", "Dovecot")


def test_all_of_redis_kin_say_ok() -> None:
    assert [
        found and found.name for found in (identify(said, port=6379) for said in (b"+OK\r\n", b"+OK"))
    ] == [
        "redis",
        "redis",
    ]


@pytest.mark.parametrize("text", ["Welcome\r\n", "220 mail\r\n", "* OK", "login: "])
def test_the_mark_of_utf_16_is_no_command_of_telnet(text: str) -> None:
    assert identify(text.encode("utf-16")) is None
    refusal = identify(b"\xff\xfe\x01")
    assert refusal is not None
    assert refusal.name == "telnet"
