from __future__ import annotations

import io
import tracemalloc
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.blocks import AddressSet
from banner.inputs.listing import Listing
from banner.inputs.order import Permutation, Space
from banner.inputs.spec import BadLine, Spec, read_lines
from banner.models import Target
from banner.text.lines import MAX_LINE


def index(data: bytes, *ports: int, exclude: AddressSet | None = None) -> tuple[Listing, list[BadLine]]:
    listing = Listing(ports, exclude)
    lines = iter(partial(io.BytesIO(data).readline, MAX_LINE + 1), b"")
    return listing, [bad for line in lines if (bad := listing.add(line))]


def visit(listing: Listing, data: bytes, number: int) -> Target:
    start, length, *where = listing.locate(number)
    return listing.find(data[start : start + length], *where)


CONTENTS = [
    *(b"10.0.0.1:22", b"host.example tag", b"10.0.0.0/29:1-3", b"10.0.0.6-10.0.0.9", b"[2001:db8::/64]:1"),
    *(b"10.0.0.1:22/udp", b"host.example:53,U:53 tag", b"10.0.0.0/29:U:1-3", b"[2001:db8::/64]:1/udp"),
    *(b"", b"# comment", b"#" + b"y" * 700, b"\xef\xbb\xbfbom.example:1\r"),
    *(b"bad line:x", b"\xff", b"x" * (MAX_LINE + 5)),
]
lines = st.sampled_from(CONTENTS)


@given(st.lists(lines, max_size=40), st.booleans(), st.booleans(), st.data())
def test_every_target_is_found_where_it_stands(
    given_lines: list[bytes], ends: bool, excluding: bool, data: st.DataObject
) -> None:
    text = b"\n".join(given_lines) + b"\n" * ends
    exclude = AddressSet.of(["10.0.0.2-10.0.0.7", "10.0.0.1"]) if excluding else None
    listing, bad = index(text, 25, exclude=exclude)
    read = list(read_lines(text.split(b"\n"), (25,)))
    assert [item.number for item in bad] == [item.number for item in read if isinstance(item, BadLine)]
    space = Space([item for item in read if isinstance(item, Spec)], exclude)
    assert (listing.size, listing.excluded, listing.length) == (space.size, space.excluded, len(text))
    if space.size:
        numbers = data.draw(st.lists(st.integers(0, space.size - 1), max_size=20))
        for number in [0, space.size - 1, *numbers]:
            assert visit(listing, text, number) == space[number]
    for outside in (-1, space.size):
        with pytest.raises(IndexError):
            listing.locate(outside)


def test_a_shuffled_file_is_visited_whole(tmp_path: Path) -> None:
    path = tmp_path / "targets"
    path.write_bytes(b"".join(b"10.1.%d.%d:%d\n" % (i >> 8, i & 255, 1 + i % 9) for i in range(20_000)))
    listing = Listing()
    with path.open("rb") as file:
        tracemalloc.start()
        try:
            for line in iter(partial(file.readline, MAX_LINE + 1), b""):
                assert listing.add(line) is None
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        seen = set()
        for number in Permutation(listing.size, 5).walk():
            start, length, *where = listing.locate(number)
            file.seek(start)
            seen.add(listing.find(file.read(length), *where))
    assert len(seen) == 20_000
    assert peak < path.stat().st_size / 5


def test_a_longer_line_than_memory_is_not_read_to_find_its_neighbour() -> None:
    data = b"10.0.0.1:22\n" + b"x" * 1_000_000 + b"\n10.0.0.2:22\n"
    listing, bad = index(data)
    assert [str(item) for item in bad] == [f"line 2: longer than {MAX_LINE} characters"]
    assert [listing.locate(number)[1] for number in (0, 1)] == [12, 12]
    assert [visit(listing, data, number).host for number in (0, 1)] == ["10.0.0.1", "10.0.0.2"]


def test_more_targets_than_64_bits_count() -> None:
    data = b"[2001:db8::/32]:22\n" * 50
    listing, _ = index(data)
    assert listing.size == 50 * 2**96
    assert visit(listing, data, listing.size - 1).host == "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"


def test_a_file_that_changed_is_noticed() -> None:
    data = b"10.0.0.1:22\n" * 3
    listing, _ = index(data)
    with pytest.raises(ValueError, match="has changed"):
        visit(listing, b"# nothing\n" * 3, 2)
