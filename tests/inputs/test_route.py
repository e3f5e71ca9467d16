from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.blocks import AddressSet
from banner.addresses.ports import UDP
from banner.addresses.socket_address import literal
from banner.inputs import route
from banner.inputs.files import InputError, Source
from banner.inputs.listing import Listing
from banner.inputs.order import Space
from banner.inputs.route import ListedFile, PlainFile, Route, listed
from banner.inputs.spec import BadLine, Spec, parse, read_lines
from banner.models import Target

LINES = st.sampled_from([
    *(b"10.0.0.1:22", b"10.0.0.1:65535", b"255.255.255.255:1\r", b"10.0.0.1", b"0.0.0.0\r", b"10.0.0.2 tag"),
    *(b"10.0.0.1:0", b"10.0.0.1:65536", b"10.0.0.256:22", b"10.0.0.01:22", b"10.0.0.1:022", b"10.0.1:22"),
    *(b"", b"\r", b"# none", b"a.example:22", b"10.0.0.0/30", b"10.0.0.0/29:1-3", b"[2001:db8::1]:22"),
    *(b"10.0.0.1:22/udp", b"10.0.0.1:65535/udp\r", b"10.0.0.1:22/tcp", b"10.0.0.0/30:1,U:1", b"10.0.0.1:22/ud"),
    *(b"10.0.0.3:53/udp\n10.0.0.3:53\n" * 40, b"\xff", b"10.0.0.1:22\r\r"),
    *(b"10.0.0.1:22\n10.0.0.2:22\n" * 40, b"10.0.0.9\n" * 70, b"x" * 20_000),
])  # fmt: skip


def opened(path: Path, data: bytes, *ports: int) -> tuple[PlainFile | ListedFile, list[BadLine]]:
    path.write_bytes(data)
    bad: list[BadLine] = []
    return listed(Source(str(path)), ports, None, bad.append), bad


@given(st.lists(LINES, max_size=12), st.booleans(), st.sampled_from([(), (25,), (25, 26, UDP + 25)]))
def test_a_file_counted_in_pieces_is_the_file_read_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ends: bool, ports: tuple[int, ...]
) -> None:
    data = b"\n".join(lines) + b"\n" * ends
    read = list(read_lines(data.split(b"\n"), ports))
    expected = [target for item in read if isinstance(item, Spec) for target in item]
    file, bad = opened(tmp_path_factory.mktemp("route") / "hosts", data, *ports)
    assert [file[i] for i in range(file.size)] == expected
    told = [item.number for item in bad if item.number]  # 0 is of the file as a whole: it names nothing
    assert told == [item.number for item in read if isinstance(item, BadLine)]


@given(st.lists(LINES, max_size=12), st.sampled_from([(), (25,), (25, 26)]), st.sampled_from([None, 7]))
def test_where_targets_are_is_told_without_making_them(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ports: tuple[int, ...], seed: int | None
) -> None:
    file, _ = opened(tmp_path_factory.mktemp("route") / "hosts", b"\n".join(lines), *ports)
    route = Route([file], seed)
    for at in (0, route.size // 2):
        hosts = [target.ip or target.host for target in route.walk(at)]
        assert list(route.hosts(at)) == hosts
        assert all(map(literal, hosts)) or not route.has_no_names


@given(st.lists(LINES, max_size=12), st.lists(st.integers(1, 400), max_size=20))
def test_wherever_a_file_is_cut_into_chunks(lines: list[bytes], cuts: list[int]) -> None:
    data = b"\n".join(lines)
    whole, parts = Listing((25,)), []
    whole.add_lines(data)
    at = 0
    for cut in [*cuts, len(data)]:
        parts.append(data[at : at + cut])
        at += cut
    file = ListedFile(
        parts, lambda start, length: data[start : start + length], (25,), None, lambda _: None, in_memory=True
    )
    targets = [
        whole.find(data[start : start + length], *rest)
        for start, length, *rest in map(whole.locate, range(whole.size))
    ]
    assert [file[i] for i in range(file.size)] == targets


def test_a_large_file_is_read_again_and_must_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "IN_MEMORY", 1000)
    path = tmp_path / "hosts"
    data = b"".join(b"10.0.%d.%d:22\n" % (i >> 8, i & 255) for i in range(1000))
    file, _ = opened(path, data)
    assert isinstance(file, ListedFile)
    assert [file[i].host for i in (0, 999, 300)] == ["10.0.0.0", "10.0.3.231", "10.0.1.44"]
    os.truncate(path, 500)
    with pytest.raises(InputError, match="has changed"):
        file[0]


def test_a_kept_file_may_change(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    file, _ = opened(path, b"10.0.0.1:22\n10.0.0.2:22")
    path.write_bytes(b"")
    assert [file[0], file[1]] == [Target("10.0.0.1", 22), Target("10.0.0.2", 22)]


def test_the_shards_of_a_file_and_networks_are_the_whole(tmp_path: Path) -> None:
    data = b"".join(b"10.%d.%d.%d:22\n" % (i >> 16, i >> 8 & 255, i & 255) for i in range(100_000))
    exclude = AddressSet.of(["192.0.2.7", "2001:db8::8/125"])
    space = Space([parse("192.0.2.0/28:1-3"), parse("[2001:db8::/120]:5")], exclude)
    file, _ = opened(tmp_path / "hosts", data)
    shards = [list(Route([space, file], 7, (i, 7)).walk()) for i in range(1, 8)]
    assert max(map(len, shards)) - min(map(len, shards)) <= 1
    everything = [target for shard in shards for target in shard]
    assert len(everything) == len(set(everything)) == 100_000 + 45 + 248
    assert everything == list(Route([space, file], 7).walk())
    assert set(everything) == set(Route([space, file], None).walk())
    given_order = [target for i in (1, 2, 3) for target in Route([space, file], None, (i, 3)).walk()]
    assert given_order == [*space, *(file[i] for i in range(file.size))]


@given(st.integers(0, 300), st.integers(1, 9), st.integers(0, 2**20) | st.none(), st.data())
def test_a_walk_begins_anywhere(size: int, of: int, seed: int | None, data: st.DataObject) -> None:
    space = Space([parse(f"10.0.0.1:1-{size}")] if size else [])
    part = data.draw(st.integers(1, of))
    whole = Route([space], seed, (part, of))
    targets = list(whole.walk())
    assert len(targets) == whole.size
    for start in (0, whole.size // 2, whole.size):
        assert list(whole.walk(start)) == targets[start:]
    for outside in (-1, whole.size):
        with pytest.raises(IndexError):
            whole[outside]
    assert not targets or whole[len(targets) - 1] == targets[-1]
