"""The page is one file whose policy allows its own script and style, and data never becomes markup."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from banner.report.assemble import embedded, page
from banner.report.overview import scan_page

from .sample import NOON, hostile, scan

PAGE = page(scan_page([*scan(20), hostile()], ["scan.jsonl"], NOON))


def element(name: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_policy_allows_this_script_and_this_style_and_nothing_else() -> None:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE)
    assert found
    policy = dict(rule.strip().split(" ", 1) for rule in html.unescape(found[1]).split(";"))
    assert policy.pop("default-src") == "'none'"
    for directive, name in (("script-src", "script"), ("style-src", "style")):
        digest = base64.b64encode(hashlib.sha256(element(name).encode()).digest()).decode()
        assert policy.pop(directive) == f"'sha256-{digest}'"
    assert policy == {"base-uri": "'none'", "form-action": "'none'"}


def test_nothing_in_the_page_can_be_fetched() -> None:
    frame = re.sub(r'(<script type="application/json" id="data">).*?(</script>)', r"\1\2", PAGE)
    assert len(frame) < len(PAGE) / 1.05
    assert not re.search(r"<(link|img|iframe|base|object|embed|form)\b|\bsrc=|@import|url\(", frame)
    assert re.findall(r"https?://[^\s\"']+", frame) == ["http://www.w3.org/2000/svg"]


def test_hostile_data_holds_no_markup() -> None:
    assert PAGE.count("<script") == PAGE.count("</script>") == 2
    assert "<!--" not in PAGE
    assert "\u202e" not in PAGE


@given(st.recursive(st.text() | st.sampled_from(["</script>", "<!--", "]]>", "\u2028\u2029&"]), st.lists))
def test_embedded_data_comes_back_and_cannot_end_its_element(data: object) -> None:
    text = embedded(data)
    assert json.loads(text) == data
    assert not set("<>&\u2028\u2029") & set(text)


def test_a_title_is_text() -> None:
    data = scan_page([], ["scan"], NOON) | {"title": "</title><script>"}
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in page(data)


def test_data_that_looks_like_a_place_of_the_frame_is_data() -> None:
    data = scan_page([], ["@@SCRIPT@@"], NOON)
    assert "@@SCRIPT@@" in page(data)
