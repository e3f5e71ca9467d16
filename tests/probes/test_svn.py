"""svnserve's greeting."""

from __future__ import annotations

import pytest

from banner import probes
from banner.probes.svn import SUBVERSION

from .conversation import play, server

SVN = probes.get("svn")


def test_the_greeting_of_the_protocols_text() -> None:
    played = play(SVN, [server(b"( success ( 1 2 ( ANONYMOUS ) ( edit-pipeline ) ) ) ")])
    assert played.service == SUBVERSION
    assert played.wire.details == {"min_version": 1, "max_version": 2, "capabilities": ["edit-pipeline"]}


def test_a_failure_is_told() -> None:
    played = play(SVN, [server(b"( failure ( ( 210005 23:No repository found in x 0: 0 ) ) ) ")])
    assert played.service == SUBVERSION
    assert played.wire.details["error_code"] == 210005


@pytest.mark.parametrize(
    "said", [b"( success ( ) ) ) ) ", b"( success ( 2 2 ) ) ) ", b"( success ( a b ( ) ( ) ) ) )"]
)
def test_another_list_is_let_go(said: bytes) -> None:
    assert play(SVN, [server(said)]).service is None
