"""DRDA's servers, by class and release."""

from __future__ import annotations

import pytest

from banner import identify, probes
from banner.probes import drda

from .conversation import play, server
from .recordings.drda import RECORDINGS

DRDA = probes.get("drda")
DERBY, DB2 = (recording.turns[1].data for recording in RECORDINGS)


def reply(server_class: str, release: str) -> bytes:
    said = drda._object(
        drda.EXCSATRD,
        drda._object(drda.SRVCLSNM, server_class.encode("cp500")),
        drda._object(drda.SRVRLSLV, release.encode("cp500")),
    )
    return (len(said) + 6).to_bytes(2, "big") + drda.REPLY_DSS + b"\0\1" + said


@pytest.mark.parametrize(
    ("answer", "product", "version"),
    [
        (DERBY, "Derby", "10.14.2.0"),
        (DB2, "Db2", "11.5.5"),
        (reply("QDB2/NT64", "SQL09070"), "Db2", "9.7.0"),
        (reply("QDB2", "DSN12015"), "Db2", None),
        (reply("Another", "1"), None, None),
    ],
)
def test_class_and_release_name_the_product(answer: bytes, product: str | None, version: str | None) -> None:
    found = identify(answer)
    assert found is not None
    assert (found.name, found.product, found.version) == ("drda", product, version)


def test_what_stood_before_a_cut_object_is_told() -> None:
    whole = reply("QDB2/AIX64", "SQL11055")
    cut = whole[:10] + whole[10:].replace(b"\0\x0c\x11\x5a", b"\xff\x0c\x11\x5a")
    played = play(DRDA, [server(cut)], strict=False)
    assert played.service is not None
    assert played.wire.details == {"server_class": "QDB2/AIX64"}


@pytest.mark.parametrize(
    "answer",
    [
        drda.REQUEST,  # an echo
        DERBY.replace(b"\x14\x43", b"\x14\x44"),
        b"\xff\xff" + DERBY[2:],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_anything_else_is_another(answer: bytes) -> None:
    assert play(DRDA, [server(answer)], strict=False).service is None


def test_a_text_of_nothing_but_filling_is_not_told() -> None:
    played = play(DRDA, [server(reply("Derby", "\0\0"))], strict=False)
    assert played.wire.details == {"server_class": "Derby"}
