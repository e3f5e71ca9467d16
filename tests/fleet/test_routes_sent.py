"""Which routes the workers of a cluster get whole, and that these lead to the same targets there."""

from __future__ import annotations

import pickle
from array import array
from pathlib import Path

import pytest

from banner import Transport
from banner.fleet import shards
from banner.fleet.lots import Lot
from banner.fleet.shards import Found, sent
from banner.inputs.route import Route
from banner.inputs.selection import Selection
from banner.models import Status


def route(tmp_path: Path, text: str, *specs: str) -> Route:
    """The shuffled route of `specs` and of a file that holds `text`."""
    listed = tmp_path / "targets"
    listed.write_text(text)
    return Selection(specs, [str(listed)], ports="22", seed=5).route(lambda name, line: None)


def test_a_route_that_was_sent_leads_to_the_same_targets(tmp_path: Path) -> None:
    whole = route(tmp_path, "192.0.2.1:80\n192.0.2.2:53/udp\n", "198.51.100.0/28:1-3")
    packed = sent(whole)
    assert packed is not None
    there: Route = pickle.loads(packed)
    assert list(there.walk()) == list(whole.walk())
    assert {target.transport for target in there.walk()} == set(Transport)
    for positions in ([3, 4, 5, 6], [6, 3, 4], [49], [], [4, 6, 7]):
        assert list(there.at(array("Q", positions))) == [whole[position] for position in positions]


def test_what_cannot_go_or_takes_long_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent(route(tmp_path, "# a remark\nhost.example:80 tag\n")) is None
    long = "".join(f"198.51.{n >> 8}.{n & 255}:22\n" for n in range(2000))
    assert sent(route(tmp_path, long)) is not None
    monkeypatch.setattr(shards, "MOST_SENT", 10_000)
    assert sent(route(tmp_path, long)) is None
    monkeypatch.setattr("banner.inputs.route.IN_MEMORY", 1000)
    assert not route(tmp_path, long).in_memory
    assert sent(route(tmp_path, long)) is None


def test_a_lot_of_positions_is_told_by_these(tmp_path: Path) -> None:
    whole = route(tmp_path, "192.0.2.1:80\n192.0.2.2:80\n")
    half = Lot([7, 9, 11]).block(Found(b"line\n", {"banner": 1}, partly=array("Q", [1]).tobytes()))
    assert (half.targets, half.positions) == ([], [9])
    fault = Lot([1]).fault("why", whole)
    assert (fault.positions, fault.statuses) == ((1,), {Status.FAULT: 1})
    assert whole[1].host.encode() in fault.lines
