from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banner.sweep.pacing import Ceilings, TokenBucket, Waiting

# -- the token bucket ------------------------------------------------------------------------------


def drive(bucket: TokenBucket, seconds: float, wakes: random.Random, most: float) -> list[float]:
    """The moments of every take, by a driver that is busy and wakes up to `most` seconds late."""
    now, taken = 1000.0, []
    while now < 1000.0 + seconds:
        wait = bucket.take(now)
        if wait:
            now += wait + wakes.random() * most
        else:
            taken.append(now)
    return taken


def busiest_second(taken: list[float]) -> int:
    first, busiest = 0, 0
    for last, moment in enumerate(taken):
        while taken[first] <= moment - 1:
            first += 1
        busiest = max(busiest, last - first + 1)
    return busiest


@pytest.mark.parametrize("rate", [100, 500, 5000, 20000])
@pytest.mark.parametrize("late", [0.0, 0.001, 0.01])
def test_the_rate_holds(rate: int, late: float) -> None:
    taken = drive(TokenBucket(rate), 10, random.Random(rate), late)
    assert busiest_second(taken) <= max(rate + 1, rate * 1.02)
    assert 0.95 * rate * 10 <= len(taken) <= 1.02 * rate * 10


def test_a_slow_rate_is_evenly_spaced() -> None:
    taken = drive(TokenBucket(4), 10, random.Random(0), 0.0)
    assert [round(b - a, 6) for a, b in itertools.pairwise(taken[1:])] == [0.25] * (len(taken) - 2)


def test_take_says_how_long_to_wait_and_takes_nothing() -> None:
    bucket = TokenBucket(10, burst=2)
    assert [bucket.take(5.0) for _ in range(4)] == [0, 0, pytest.approx(0.1), pytest.approx(0.1)]
    assert bucket.take(5.1) == 0
    assert bucket.take(5.1) == pytest.approx(0.1)


def test_several_at_once() -> None:
    bucket = TokenBucket(100, burst=5)
    assert bucket.available(1.0) == 5
    assert bucket.take(1.0, 3) == 0
    assert bucket.available(1.0) == 2
    assert bucket.available(1.005) == 2
    assert bucket.available(1.01) == 3
    assert bucket.available(9.0) == 5
    assert bucket.take(9.0, 15) == 0  # ten more than there are: a debt
    assert bucket.available(9.0) == 0
    assert bucket.take(9.0) == pytest.approx(0.11)


@given(st.floats(0.01, 1e6), st.lists(st.floats(0, 0.1), max_size=60))
def test_who_waits_as_told_may_go_and_the_bucket_never_gives_more(rate: float, pauses: list[float]) -> None:
    bucket = TokenBucket(rate)
    now = start = 12345.678
    for given_out, pause in enumerate(pauses, 1):
        now += pause
        wait = bucket.take(now)
        if wait:
            assert bucket.available(now) == 0
            now += wait
            assert bucket.available(now) >= 1
            assert bucket.take(now) == 0
        assert given_out <= bucket.burst + (now - start) * rate * (1 + 1e-6) + 1e-3 * max(1, rate * 1e-3)


@pytest.mark.parametrize(
    ("rate", "burst"), [(0, None), (-1, None), (float("nan"), None), (float("inf"), None), (1, 0.5)]
)
def test_what_is_no_rate(rate: float, burst: float | None) -> None:
    with pytest.raises(ValueError, match="is a number"):
        TokenBucket(rate, burst)


# -- ceilings --------------------------------------------------------------------------------------


def test_a_ceiling_for_an_address() -> None:
    ceilings = Ceilings(per_host=2)
    assert [ceilings.try_acquire("10.0.0.1") for _ in range(3)] == [True, True, False]
    assert ceilings.try_acquire("10.0.0.2")
    ceilings.release("10.0.0.1")
    assert ceilings.try_acquire("10.0.0.1")
    assert not ceilings.try_acquire("::ffff:10.0.0.1")  # the same machine
    assert not ceilings.try_acquire("::ffff:a00:1")


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (["10.0.0.1", "10.0.0.255", "::ffff:10.0.0.7"], "10.0.1.1"),
        (["2001:db8::1", "2001:db8:0:0:ffff::", "2001:db8::2"], "2001:db8:0:1::1"),
        (["fe80::1%eth0", "fe80::2%eth0", "fe80::3"], "fe80:0:0:1::1"),
    ],
)
def test_a_ceiling_for_a_network(inside: list[str], outside: str) -> None:
    ceilings = Ceilings(per_net=2)
    assert [ceilings.try_acquire(ip) for ip in inside] == [True, True, False]
    assert ceilings.try_acquire(outside)
    ceilings.release(inside[0])
    assert ceilings.try_acquire(inside[2])


def test_a_refused_connection_counts_nowhere() -> None:
    ceilings = Ceilings(per_host=1, per_net=2)
    assert ceilings.try_acquire("10.0.0.1")
    assert not ceilings.try_acquire("10.0.0.1")
    assert ceilings.try_acquire("10.0.0.2")
    assert not ceilings.try_acquire("10.0.0.3")
    ceilings.release("10.0.0.1")
    assert ceilings.try_acquire("10.0.0.3")


def test_what_is_closed_costs_no_memory() -> None:
    ceilings = Ceilings(per_host=1, per_net=1)
    for number in range(1000):
        assert ceilings.try_acquire(f"10.0.{number % 250}.{number // 250}")
        ceilings.release(f"10.0.{number % 250}.{number // 250}")
    assert not ceilings._hosts
    assert not ceilings._nets


@pytest.mark.parametrize("ceiling", [0, -1])
def test_what_is_no_ceiling(ceiling: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Ceilings(per_host=ceiling)
    with pytest.raises(ValueError, match="at least 1"):
        Ceilings(per_net=ceiling)


# -- those who wait --------------------------------------------------------------------------------


def test_who_is_held_back_holds_up_nobody() -> None:
    waiting: Waiting[str] = Waiting(Ceilings(per_host=1), most=2)
    assert waiting.offer("10.0.0.1", "a")
    assert not waiting.offer("10.0.0.1", "b")
    assert waiting.offer("10.0.0.2", "c")
    assert not waiting.full
    assert not waiting.offer("10.0.0.1", "d")
    assert waiting.full
    assert waiting.release("10.0.0.2") is None
    assert waiting.release("10.0.0.1") == ("10.0.0.1", "b")
    assert len(waiting) == 1
    assert waiting.drain() == [("10.0.0.1", "d")]
    assert len(waiting) == 0


def test_a_network_lets_the_next_address_in() -> None:
    waiting: Waiting[str] = Waiting(Ceilings(per_host=1, per_net=2))
    assert waiting.offer("10.0.0.1", "a")
    assert waiting.offer("10.0.0.2", "b")
    assert not waiting.offer("10.0.0.3", "c")  # the network is full
    assert not waiting.offer("10.0.0.1", "d")  # the address is
    assert waiting.release("10.0.0.1") == ("10.0.0.1", "d")
    assert waiting.release("10.0.0.2") == ("10.0.0.3", "c")


def test_a_place_in_a_network_is_not_wasted_on_a_full_address() -> None:
    waiting: Waiting[str] = Waiting(Ceilings(per_host=1, per_net=2))
    assert waiting.offer("10.0.0.1", "a")
    assert waiting.offer("10.0.0.2", "b")
    assert not waiting.offer("10.0.0.3", "c1")
    assert not waiting.offer("10.0.0.3", "c2")
    assert not waiting.offer("10.0.0.4", "d")
    assert waiting.release("10.0.0.1") == ("10.0.0.3", "c1")
    assert waiting.release("10.0.0.2") == ("10.0.0.4", "d")  # c2 stepped aside: its address is busy
    assert waiting.release("10.0.0.3") == ("10.0.0.3", "c2")


hosts = st.tuples(st.integers(0, 1), st.integers(0, 2)).map(lambda h: f"10.0.{h[0]}.{h[1]}")


@settings(max_examples=300)
@given(
    st.integers(1, 3) | st.none(),
    st.integers(1, 4) | st.none(),
    st.lists(hosts, max_size=60),
    st.randoms(use_true_random=False),
)
def test_everybody_goes_once_and_no_ceiling_is_broken(
    per_host: int | None, per_net: int | None, offered: list[str], chance: random.Random
) -> None:
    waiting: Waiting[int] = Waiting(Ceilings(per_host, per_net))
    running: list[tuple[str, int]] = []
    gone: list[int] = []

    def check() -> None:
        by_host = Counter(ip for ip, _ in running)
        by_net = Counter(ip.rpartition(".")[0] for ip, _ in running)
        assert max(by_host.values(), default=0) <= (per_host or 1000)
        assert max(by_net.values(), default=0) <= (per_net or 1000)
        for ip, _ in [one for queue in waiting._queues.values() for one in queue]:  # nobody waits for nothing
            net = ip.rpartition(".")[0]
            assert by_host[ip] == per_host or by_net[net] == per_net

    left = list(enumerate(offered))
    while left or running:
        if left and (not running or chance.random() < 0.6):
            item, ip = left.pop(0)
            if waiting.offer(ip, item):
                running.append((ip, item))
        else:
            ip, item = running.pop(chance.randrange(len(running)))
            gone.append(item)
            if (freed := waiting.release(ip)) is not None:
                running.append(freed)
        check()
    assert sorted(gone) == list(range(len(offered)))
    assert len(waiting) == 0
    assert not waiting.ceilings._hosts
    assert not waiting.ceilings._nets
