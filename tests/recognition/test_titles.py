"""A page's title is the same, whichever way it is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.recognition.markup import title

PIECES = (
    "<html", "<head>", "<HEAD>", "<head-x>", "<meta charset=", "<link", "'>", "<title>", "<TITLE>", "</title>",
    "<title x='", "<titlex>", "'", '"', ">", "<", "<!--", "-->", "<!doctype ", "<script>", "</script>", "<svg ", "a",
    "x y", "\n", "&amp;",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_title_behind_the_usual_tags_is_that_behind_any(pieces: list[str]) -> None:
    page = "".join(pieces)
    assert title(page) == title("<p>" + page)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE html>\n<html lang='a>b'><head><meta charset=utf-8>\n",
        "<meta content='><title>three</title>'>",
        '<HTML lang="><title>three</title>">',
        "<head><!--<title>three</title>-->",
        "<script><title>three</title></script>",
        "<titles>three</titles>",
    ],
)
def test_what_only_looks_like_a_title_is_none(head: str) -> None:
    assert title(f"{head}<title> One &amp; two </title><title>x</title>") == ("One & two", False)
