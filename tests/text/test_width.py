"""Columns of a terminal: wide letters, marks, and cutting between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.text.safe import safe
from banner.text.width import clip, columns_of, padded


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("Grüße", 5),
        ("u\u0308", 1),
        ("漢字", 4),
        ("ﾊﾝｶｸ", 4),
        ("한글", 4),
        ("🎉", 2),
        ("नि", 1),
    ],
)
def test_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("漢字漢字", 8, "漢字漢字"),
        ("漢字漢字", 7, "漢字漢…"),
        ("漢字漢字", 6, "漢字…"),
        ("u\u0308u\u0308u\u0308", 3, "u\u0308u\u0308u\u0308"),
        ("u\u0308u\u0308u\u0308", 2, "u\u0308…"),
        ("漢", 1, "…"),
    ],
)
def test_clip(text: str, width: int, shown: str) -> None:
    assert clip(text, width) == shown


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_fits(text: str, width: int) -> None:
    made = safe(text)
    shown = clip(made, width)
    assert columns_of(shown) <= width
    assert shown == made or (shown[-1] == "…" and made.startswith(shown[:-1]) and columns_of(made) > width)
    assert columns_of(padded(shown, width)) == width
