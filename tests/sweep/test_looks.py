"""How often the driver looks for news: each look costs a system call, so none is made that cannot tell anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from banner.sweep.selector import READABLE
from tests.sweep.scripted import World
from tests.sweep.test_driver import Driver

ROOM = 4
"""How many the scripted scan has in flight at most; its first batches are as large."""


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many were made since the last time that this was asked."""
    made: list[int] = []
    news = World.news

    def counted(world: World, most: int) -> list[tuple[int, int]]:
        made.append(most)
        return news(world, most)

    def since() -> int:
        count = len(made)
        made.clear()
        return count

    monkeypatch.setattr(World, "news", counted)
    return since


@pytest.fixture
def scan() -> Iterator[Driver]:
    scan = Driver()
    yield scan
    scan.teardown()


def says_all(scan: Driver) -> None:
    """All who are connected to greet."""
    for peer in scan.open_peers():
        peer.connected = True
        scan.says(peer, b"SSH-2.0-OpenSSH_9.9\r\n")


def test_who_has_filled_his_room_waits_for_news(scan: Driver, looks: Callable[[], int]) -> None:
    scan.open([22] * (2 * ROOM), [])
    assert len(scan.open_peers()) == ROOM
    assert looks() == 1


def test_who_refills_his_room_waits_for_news(scan: Driver, looks: Callable[[], int]) -> None:
    scan.open([22] * (2 * ROOM), [])
    looks()
    peer = scan.open_peers()[0]
    peer.connected = True
    scan.says(peer, b"SSH-2.0-OpenSSH_9.9\r\n")
    scan.sweep._on_news()
    assert (len(scan.world.peers), len(scan.open_peers())) == (ROOM + 1, ROOM)
    assert looks() == 1


def test_who_has_room_left_looks_again_after_he_started_some(scan: Driver, looks: Callable[[], int]) -> None:
    scan.open([22] * (ROOM - 1), [])
    assert looks() == 2, "those may have answered at once; then nothing more is started"


def test_after_a_full_batch_there_may_be_more_news(scan: Driver, looks: Callable[[], int]) -> None:
    scan.open([22] * (2 * ROOM), [])
    looks()
    says_all(scan)
    scan.sweep._on_news()
    assert (len(scan.world.peers), len(scan.open_peers())) == (2 * ROOM, ROOM)
    assert looks() == 2


def test_nothing_is_looked_at_twice_where_nothing_begins(scan: Driver, looks: Callable[[], int]) -> None:
    scan.open([22], [])
    looks()
    (peer,) = scan.open_peers()
    peer.connected = True
    scan.news_of(peer, READABLE)
    scan.sweep._on_news()
    assert looks() == 1
