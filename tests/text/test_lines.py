from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.text.lines import MAX_LINE, content, shown, split_lines


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(0, 200)))
def test_lines_do_not_depend_on_the_chunks(lines: list[bytes], cuts: list[int]) -> None:
    data = b"\n".join(line.replace(b"\n", b"") for line in lines)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[a:b] for a, b in itertools.pairwise(edges)]
    expected = data.split(b"\n")
    assert list(split_lines(chunks)) == (expected if expected[-1] else expected[:-1])


@pytest.mark.parametrize("size", [1, 1000, 1 << 16, 1 << 20])
def test_an_endless_line_costs_one_line(size: int) -> None:
    data = b"x" * (5 * MAX_LINE) + b"\nshort\n" + b"y" * MAX_LINE + b"\n" + b"z" * (2 * MAX_LINE)
    found = list(split_lines(data[i : i + size] for i in range(0, len(data), size)))
    assert found == [b"x" * (MAX_LINE + 1), b"short", b"y" * MAX_LINE, b"z" * (MAX_LINE + 1)]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"host:22", "host:22"),
        (b"  host:22 \t tag \r\n", "host:22 \t tag"),
        ("\ufeffhost", "host"),
        (b"\xef\xbb\xbf# comment", ""),
        (b"host # comment", "host"),
        (b"host tag#1 # more # and more", "host tag#1"),
        (b"#", ""),
        (b"host # comment\r\r\n", "host"),
        (b" \r\n", ""),
        (b"", ""),
        ("bücher.example".encode(), "bücher.example"),
    ],
)
def test_what_a_line_says(line: bytes | str, text: str) -> None:
    assert content(line) == text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"host\xff", "not UTF-8 at byte 5"),
        ("\ufeffhost\n".encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff\0h", "UTF-16"),
        ("x" * (MAX_LINE + 1), "longer"),
        (b"# comment\rhost:22\rhost:23\n", "a line ends within it"),
        (b"host:22 # comment\rhost:23\r\n", "a line ends within it"),
        ("host # comment\x85host", "a line ends within it"),
        ("# comment\u2028host", "a line ends within it"),
    ],
)
def test_what_is_no_line(line: bytes | str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        content(line)


@given(st.text())
def test_what_is_shown_is_short_and_printable(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown("a" * len(text))) <= 62
