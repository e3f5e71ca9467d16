"""Zabbix' packets."""

from __future__ import annotations

import pytest

from banner import identify, probes

from .conversation import play, server

AGENT = probes.get("zabbix-agent")


def packet(data: bytes) -> bytes:
    return b"ZBXD\1" + len(data).to_bytes(8, "little") + data


def test_an_agent_without_the_item_is_one() -> None:
    played = play(AGENT, [server(packet(b"ZBX_NOTSUPPORTED\0Unsupported item key."))], strict=False)
    assert played.service is not None
    assert played.wire.details == {"error": "ZBX_NOTSUPPORTED: Unsupported item key."}


def test_the_version_names_it_and_a_server_is_no_agent() -> None:
    found = identify(packet(b"7.0.0rc1"))
    assert found is not None
    assert (found.name, found.product, found.version) == ("zabbix-agent", "Zabbix agent", "7.0.0rc1")
    found = identify(packet(b'{"response":"failed"}'))
    assert found is not None
    assert (found.name, found.product) == ("zabbix-trapper", None)
    assert play(AGENT, [server(packet(b'{"response":"failed"}'))], strict=False).service is None


@pytest.mark.parametrize(
    "answer", [packet(b"agent.version"), packet(b""), b"ZBXD\1" + b"\xff" * 8 + b"6.0.14"]
)
def test_what_is_no_answer_is_let_go(answer: bytes) -> None:
    assert play(AGENT, [server(answer)], strict=False).service is None
