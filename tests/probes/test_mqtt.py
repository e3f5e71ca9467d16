"""MQTT: CONNACK's code, the retained version, and how we leave."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server

MQTT = probes.get("mqtt")
SUBACK = b"\x90\x03\x00\x01\x00"


def test_a_server_that_speaks_mqtt_5_only() -> None:
    played = play(MQTT, [server(b"\x20\x03\x00\x84\x00")], strict=False)
    assert played.service is not None
    assert played.wire.details["return_code"] == 0x84


def test_a_refused_subscription_ends_politely() -> None:
    played = play(MQTT, [server(b"\x20\x02\x00\x00"), server(b"\x90\x03\x00\x01\x80")], strict=False)
    assert played.ended is None
    assert bytes(played.wire.sent).endswith(b"\xe0\x00")
    assert "sys_version" not in played.wire.details


def test_silence_after_the_subscription_costs_a_pause() -> None:
    played = play(MQTT, [server(b"\x20\x02\x00\x00"), server(SUBACK)], strict=False)
    assert played.wire.paused
    assert played.ended is None
    assert played.service is not None
    assert played.service.product is None


def test_the_message_may_come_before_the_acknowledgement() -> None:
    message = b"\x31\x1b\x00\x13$SYS/broker/versionHiveMQ"
    played = play(MQTT, [server(b"\x20\x02\x00\x00"), server(message + SUBACK)], strict=False)
    assert played.wire.details["sys_version"] == "HiveMQ"


def test_another_topic_is_not_the_version() -> None:
    played = play(
        MQTT, [server(b"\x20\x02\x00\x00"), server(SUBACK + b"\x31\x07\x00\x03a/b1.0")], strict=False
    )
    assert "sys_version" not in played.wire.details


@pytest.mark.parametrize(
    "said", [b"\x20\x02\x02\x00", b"\x20\x02\x00\x09", b"\x20\x03\x00\x00\x00", b"\x10\x0c"]
)
def test_what_no_connack_is_is_not_claimed(said: bytes) -> None:
    assert play(MQTT, [server(said)], strict=False).service is None
