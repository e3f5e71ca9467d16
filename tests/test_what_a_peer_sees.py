"""docs/what-a-peer-sees.md shows what is said, byte for byte, in every mode."""

from __future__ import annotations

import pytest

from banner import Mode
from tests.peer_sees import PEERS, blocks, capture


@pytest.mark.parametrize(("peer", "mode"), list(blocks()), ids=str)
async def test_it_sees_what_the_page_shows(peer: str, mode: Mode) -> None:
    assert await capture(peer, mode) == blocks()[peer, mode]


def test_every_mode_and_peer_is_shown() -> None:
    assert {mode for _, mode in blocks()} == set(Mode)
    assert {peer for peer, _ in blocks()} == set(PEERS)
