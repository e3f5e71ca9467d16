"""How large the shards of a scan are and how many are out at once, told by hand how long each took."""

from __future__ import annotations

from banner import Target
from banner.fleet.shard_size import Cut
from banner.fleet.shards import Found
from banner.fleet.slices import Share, Supply


def test_shards_grow_until_they_take_their_time() -> None:
    cut = Cut(Share(2, 100, None, None, None), most=100_000)
    assert cut.size == 64
    for _ in range(30):
        cut.learn(cut.size, Found(started=cut.size / 1000, lagged=0.1))
    assert 1900 <= cut.size <= 2100
    assert Cut(Share(2, 1000, None, None, None), most=100_000).size == 500
    assert cut.deep == 3
    cut.learn(cut.size, Found(started=200.0))
    assert 900 <= cut.size <= 1100  # by half at a time


def test_shards_are_bounded_in_bytes_in_number_and_at_a_rate() -> None:
    cut = Cut(Share(2, 100, None, None, None), most=30_000)
    for _ in range(30):
        cut.learn(cut.size, Found())
    assert cut.size == 30_000 // 3
    cut.learn(5000, Found(lines=b"x" * (40 << 20)))
    assert cut.size == 1000  # 8 MB of them
    cut.learn(499, Found(started=9.0))
    assert cut.size == 1000  # a few that came last tell nothing
    assert Cut(Share(4, 1000, 20.0, None, None), most=10_000).size == 10
    assert Cut(Share(4, 1000, 0.1, None, None), most=10_000).size == 1


def test_slow_peers_bring_more_shards_at_once() -> None:
    cut = Cut(Share(2, 100, None, None, None), most=100_000)
    cut.learn(cut.size, Found(started=2.0, lagged=7.0))
    assert cut.deep == 6
    cut.learn(cut.size, Found(started=0.1, lagged=20.0))
    assert cut.deep == Cut.DEEP


def test_shards_grow_eightfold_and_the_last_ones_shrink() -> None:
    cut = Cut(Share(2, 1000, None, None, None), most=100_000)
    assert (cut.size, cut.ahead, cut.following(None)) == (500, 2000, 500)
    cut.learn(500, Found(started=0.01))
    assert (cut.size, cut.ahead, cut.following(None)) == (4000, 16000, 4000)
    left, sizes = cut.ahead, []
    while left:
        sizes.append(min(left, cut.following(left)))
        left -= sizes[-1]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[1], sum(sizes)) == (4000, 3000, 16000)
    assert set(sizes[-4:-1]) == {4000 // Cut.LEAST}


async def test_the_end_of_targets_is_seen_ahead() -> None:
    targets = [Target("127.0.0.1", port) for port in range(1, 1001)]
    supply = Supply[Target](lambda: None, Target)
    supply.begin(targets)
    assert supply.has(100, ahead=400)
    assert [supply.left] == [None]
    assert supply.take(700) == targets[:400]
    assert supply.has(100, ahead=601)
    assert (supply.left, supply.over) == (600, False)
    assert supply.take(600) == targets[400:]
    assert (supply.left, supply.over, supply.take(1)) == (0, True, [])
