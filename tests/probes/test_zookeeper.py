"""ZooKeeper's answers to srvr."""

from __future__ import annotations

from banner import probes

from .conversation import play, server

ZOOKEEPER = probes.get("zookeeper")


def test_the_release_is_the_version_and_its_revision_a_detail() -> None:
    said = (
        b"Zookeeper version: 3.5.8-f439ca583e70862c3068a1f2a7d4d068eec33315, built on 05/04/2020 15:07 GMT\n"
    )
    played = play(ZOOKEEPER, [server(said + b"Mode: leader\nSecret: no\n")], strict=False)
    assert played.service is not None
    assert played.service.version == "3.5.8"
    assert played.wire.details == {
        "build": "f439ca583e70862c3068a1f2a7d4d068eec33315",
        "built": "05/04/2020 15:07 GMT",
        "mode": "leader",
    }


def test_a_server_that_is_not_up_is_still_zookeeper() -> None:
    played = play(
        ZOOKEEPER, [server(b"This ZooKeeper instance is not currently serving requests\n")], strict=False
    )
    assert played.service is not None
    assert played.service.product == "ZooKeeper"
    assert played.service.version is None


def test_a_version_that_is_none_is_left_out() -> None:
    service = play(ZOOKEEPER, [server(b"Zookeeper version: unknown\n")], strict=False).service
    assert service is not None
    assert service.version is None
