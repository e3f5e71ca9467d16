"""How far a login of iSCSI goes."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import play, server
from .recordings.iscsi import RECORDINGS

ISCSI = probes.get("iscsi")
FIRST, OPENED, TOLD = (turn.data for turn in RECORDINGS[1].turns if turn.who == "server")

REJECTED = FIRST[:5] + b"\0\0\x11" + FIRST[8:48] + b"AuthMethod=Reject\0".ljust(20, b"\0")


def said(*answers: bytes, deep: bool) -> tuple[bytes, dict[str, object]]:
    played = play(ISCSI, [server(answer) for answer in answers], strict=False, deep=deep)
    assert played.service is not None
    return bytes(played.wire.sent), played.wire.details


def refused(status: bytes) -> bytes:
    return FIRST[:5] + bytes(3) + FIRST[8:36] + status + FIRST[38:48]


def test_light_mode_takes_one_step_and_opens_no_session() -> None:
    sent, details = said(FIRST, deep=False)
    assert sent.count(b"InitiatorName=") == 1
    assert sent[1] & 3 == 1, "to the operational stage, and not to the full feature phase (RFC 7143, 11.12.3)"
    assert "targets" not in details


@pytest.mark.parametrize(
    "answer",
    [
        FIRST.replace(b"AuthMethod=None", b"AuthMethod=CHAP"),
        REJECTED,
        refused(b"\2\1"),
    ],
    ids=["CHAP", "Reject", "status"],
)  # fmt: skip
def test_nothing_follows_where_a_user_is_wanted(answer: bytes) -> None:
    sent, details = said(answer, deep=True)
    assert sent == said(FIRST, deep=False)[0]
    assert "targets" not in details


def test_chap_is_never_offered() -> None:
    sent, _ = said(FIRST, OPENED, TOLD, deep=True)
    assert b"CHAP" not in sent
    assert sent[-48] & 0x3F == 6, "logged out at last"


def test_a_session_that_is_refused_after_all_is_not_used() -> None:
    denied = OPENED[:36] + b"\2\2" + OPENED[38:]
    sent, details = said(FIRST, denied, deep=True)
    assert b"SendTargets" not in sent
    assert details["status"] == "success"


def test_a_status_has_a_name() -> None:
    assert said(refused(b"\2\2"), deep=False)[1]["status"] == "authorization failure"
    assert said(refused(b"\3\x7f"), deep=False)[1]["status"] == "0x037f"


@pytest.mark.parametrize(
    "answer",
    [
        b"# munin node at host.example\n".ljust(64, b"."),
        FIRST[:16] + b"\0\0\0\7" + FIRST[20:],
        FIRST[:5] + b"\xff" + FIRST[6:],
    ],
)
def test_an_answer_to_somebody_else_is_let_go(answer: bytes) -> None:
    assert play(ISCSI, [server(answer)], strict=False).service is None
