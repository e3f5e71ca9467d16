from __future__ import annotations

import itertools
import random
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.blocks import AddressSet, Block, parse_address
from banner.addresses.forms import MAPPED
from banner.inputs.order import Permutation, Space, parse_shard, shard
from banner.inputs.spec import Spec, parse
from banner.models import Target

# -- the permutation -------------------------------------------------------------------------------


def test_a_bijection_for_every_size_up_to_ten_thousand() -> None:
    # Whole walks would be 50 million steps (tests/bench/targets.py --bijection takes them). The cells
    # depend on the two sides alone, and walking past n keeps a bijection one: so every pair of sides is
    # walked whole, and the first sizes, and a sample; and a window of every size.
    whole = {side * low for side in range(1, 101) for low in (side - 1, side)} - {0}
    for n in {*range(101), *whole, *random.Random(1).sample(range(101, 10_001), 40)}:
        assert sorted(Permutation(n, "bijection")) == list(range(n)), n
    for n in range(101, 10_001):
        window = list(Permutation(n, "bijection").walk(n - 40, n))
        assert len(set(window)) == 40, n
        assert 0 <= min(window) <= max(window) < n


@given(st.integers(1, 2**150), st.integers() | st.text(), st.integers(0, 2**150))
def test_positions_of_any_space(n: int, seed: int | str, start: int) -> None:
    permutation = Permutation(n, seed)
    start %= n
    walked = list(permutation.walk(start, start + 50))
    assert len(walked) == len(set(walked)) == min(50, n - start)
    assert all(0 <= number < n for number in walked)
    assert walked[0] == permutation[start]
    assert walked[-1] == permutation[start + len(walked) - 1]


def test_the_order_is_the_seeds_and_the_same_everywhere() -> None:
    # Written down once: a scan that was begun on one machine goes on elsewhere, under any version of Python.
    assert list(Permutation(2**32, 1).walk(0, 5)) == PINNED_32
    assert list(Permutation(2**128 * 65535, "seed").walk(2**100, 2**100 + 2)) == PINNED_144
    assert list(Permutation(2**30, 1).walk(0, 3)) == PINNED_30
    assert list(Permutation(10, "7")) == list(Permutation(10, 7)) == PINNED_10
    assert list(Permutation(10, 8)) != PINNED_10


PINNED_32 = [1986082319, 3409494459, 2676189759, 1252104809, 420745550]
PINNED_144 = [10827404626580334634533080771896196639196262, 12745402484977759005420329980473833632038192]
PINNED_30 = [691864418, 732715781, 401517014]
PINNED_10 = [5, 1, 8, 3, 4, 9, 6, 0, 2, 7]


@pytest.mark.parametrize("position", [-1, 10, 11])
def test_outside(position: int) -> None:
    with pytest.raises(IndexError):
        Permutation(10, 1)[position]


def test_nothing_to_permute() -> None:
    assert list(Permutation(0, 1)) == []
    assert list(Permutation(10, 1).walk(10, 20)) == []
    with pytest.raises(ValueError, match="-1"):
        Permutation(-1, 1)


def chi_squared(classes: list[int]) -> float:
    counts, expected = Counter(classes), len(classes) / 256
    return sum((counts[k] - expected) ** 2 / expected for k in range(256))


@pytest.mark.parametrize("n", [2**24, 2**32, 2**32 * 65535, 10**7 + 19, 254_000, 2**16 * 22])
@pytest.mark.parametrize("seed", [1, "two"])
def test_neighbours_are_spread(n: int, seed: int | str) -> None:
    """The measure: cut the space into 256 networks. The networks visited, and the steps from each visit to
    the next, fall on 256 classes as evenly as chance has them: chi-squared of 255 degrees of freedom stays
    below 355 (one in 30,000). Visits 1, 2 or 256 apart meet in one network in at most 1.5 of 256 cases."""
    networks = [number * 256 // n for number in Permutation(n, seed).walk(0, 20_000)]
    assert chi_squared(networks) < 355
    assert chi_squared([(b - a) % 256 for a, b in itertools.pairwise(networks)]) < 355
    for lag in (1, 2, 256):
        met = sum(a == b for a, b in zip(networks, networks[lag:], strict=False))
        assert met < 1.5 * (20_000 - lag) / 256


# -- the space -------------------------------------------------------------------------------------


def test_a_space_is_its_specs_in_turn() -> None:
    specs = [parse(text) for text in ("10.0.0.0/30:22,80", "host.example:25 mail", "[2001:db8::/126]:443")]
    space = Space(specs)
    assert (
        list(space) == [space[i] for i in range(space.size)] == [target for spec in specs for target in spec]
    )
    assert len(space) == 8 + 1 + 4
    assert space[8] == Target("host.example", 25, "mail")
    for index in (-1, 13):
        with pytest.raises(IndexError):
            space[index]


def test_exclusions_are_cut_out_of_networks() -> None:
    exclude = AddressSet.of(["10.0.0.1-10.0.0.2", "2001:db8::/128", "192.0.2.1"])
    space = Space(
        [parse(t) for t in ("10.0.0.0/30:22,80", "192.0.2.1:22", "[2001:db8::/127]:22 six")], exclude
    )
    assert list(space) == [
        Target("10.0.0.0", 22),
        Target("10.0.0.0", 80),
        Target("10.0.0.3", 22),
        Target("10.0.0.3", 80),
        Target("192.0.2.1", 22),  # named by itself: the scanner answers for it
        Target("2001:db8::1", 22, "six"),
    ]
    assert space.excluded == 5


def test_nothing_left() -> None:
    space = Space([parse("10.0.0.0/30:22")], AddressSet.of(["10.0.0.0/8"]))
    assert (space.size, bool(space), list(space), space.excluded) == (0, False, [], 4)


def test_the_whole_internet_costs_no_memory() -> None:
    tracemalloc.start()
    try:
        reserved = AddressSet.of(["0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"])
        space = Space([parse("0.0.0.0/0:1-65535"), parse("[2000::/3]:22")], reserved)
        permutation = Permutation(space.size, 7)
        seen = [space[i] for i in permutation.walk(10**15, 10**15 + 1000)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert space.size == (2**32 - 3 * 2**24 - 2**29) * 65535 + 2**125
    assert space.excluded == (3 * 2**24 + 2**29) * 65535
    assert len(set(seen)) == 1000
    assert all(target.host not in reserved for target in seen)
    assert peak < 10_000_000  # 65,535 port numbers and a thousand targets


blocks = st.tuples(st.integers(0, 40), st.integers(0, 9)).map(lambda b: Block(MAPPED + b[0], MAPPED + sum(b)))


@given(st.lists(st.tuples(blocks, st.integers(1, 3)), max_size=5), st.lists(blocks, max_size=4), st.data())
def test_a_space_less_its_exclusions(
    wanted: list[tuple[Block, int]], less: list[Block], data: st.DataObject
) -> None:
    specs = [Spec(str(b), tuple(range(1, ports + 1)), None, b) for b, ports in wanted]
    exclude = AddressSet(less)
    space = Space(specs, exclude)
    expected = [target for spec in specs for target in spec if target.host not in exclude]
    assert list(space) == [space[i] for i in range(space.size)] == expected
    assert space.size + space.excluded == sum(spec.size for spec in specs)
    of = data.draw(st.integers(1, 9))
    permutation = Permutation(space.size, 3)
    visits = [
        space[i]
        for k in range(1, of + 1)
        for slice_ in [shard(k, of, space.size)]
        for i in permutation.walk(slice_.start, slice_.stop)
    ]
    key = lambda target: (parse_address(target.host), target.port)  # noqa: E731 - used in one line
    assert sorted(visits, key=key) == sorted(expected, key=key)


# -- shards ----------------------------------------------------------------------------------------


@given(st.integers(1, 300), st.integers(0, 2**150))
def test_shards_are_disjoint_whole_and_equal_within_one(of: int, size: int) -> None:
    slices = [shard(i, of, size) for i in range(1, of + 1)]
    assert slices[0].start == 0
    assert slices[-1].stop == size
    assert all(a.stop == b.start for a, b in itertools.pairwise(slices))
    sizes = [s.stop - s.start for s in slices]
    assert max(sizes) - min(sizes) <= 1


def test_seven_shards_of_a_large_space() -> None:
    exclude = AddressSet.of(["10.0.3.0/24", "10.0.128.0-10.0.130.7", "2001:db8::100/120"])
    space = Space([parse("10.0.0.0/16:22,443"), parse("[2001:db8::/116]:22")], exclude)
    permutation = Permutation(space.size, "enumerated")
    visits: Counter[int] = Counter()
    for i in range(1, 8):
        part = shard(i, 7, space.size)
        visits.update(permutation.walk(part.start, part.stop))
    assert len(visits) == space.size == (2**16 - 256 - 520) * 2 + 2**12 - 256
    assert set(visits.values()) == {1}


@pytest.mark.parametrize("text", ["1/1", "2/7", "7/7"])
def test_a_shard_in_text(text: str) -> None:
    assert "/".join(map(str, parse_shard(text))) == text


@pytest.mark.parametrize(
    "text", ["", "1", "0/7", "8/7", "1/0", "-1/7", "a/7", "1/7/7", "²/7", "1/" + "9" * 5000]
)
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(ValueError, match="shard") as raised:
        parse_shard(text)
    assert len(str(raised.value)) < 200


@given(st.integers(1, 2**24), st.text(max_size=5), st.data())
def test_what_is_looked_up_is_what_is_computed(n: int, seed: str, data: st.DataObject) -> None:
    order = Permutation(n, seed)
    start = data.draw(st.integers(0, n - 1))
    stop = min(n, start + 50)
    assert list(order.walk(start, stop)) == list(order._computed(start, stop))
