"""MQTT brokers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Mosquitto 2.0.11, Debian 12, anonymous",
        "recorded",
        turns=(
            client(b"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00"),
            server(b" \x02\x00\x00"),
            client(b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00"),
            server(b"\x90\x03\x00\x01\x001-\x00\x13$SYS/broker/versionmosquitto version 2.0.11"),
            client(b"\xe0\x00"),
        ),
        service=Service(
            "mqtt",
            vendor="Eclipse",
            product="Mosquitto",
            version="2.0.11",
            cpe=("cpe:2.3:a:eclipse:mosquitto:2.0.11:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"return_code": 0, "return_text": "accepted", "sys_version": "mosquitto version 2.0.11"},
    ),
    Recording(
        "aMQTT 0.12.1 of the package index, anonymous",
        "recorded",
        turns=(
            client(b"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00"),
            server(b" \x02\x00\x00"),
            client(b"\x82\x18\x00\x01\x00\x13$SYS/broker/version\x00"),
            server(b"\x90\x03\x00\x01\x001)\x00\x13$SYS/broker/versionaMQTT version 0.12.1"),
            client(b"\xe0\x00"),
        ),
        service=Service("mqtt", vendor="Yakifo", product="aMQTT", version="0.12.1", confidence=0.95),
        details={"return_code": 0, "return_text": "accepted", "sys_version": "aMQTT version 0.12.1"},
    ),
    Recording(
        "Mosquitto 2.0.11 with passwords",
        "recorded",
        turns=(
            client(b"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00"),
            server(b" \x02\x00\x05"),
        ),
        service=Service("mqtt"),
        details={"return_code": 5, "return_text": "not authorized"},
    ),
)
