"""Answers that greetings share are the same as those that each would have for itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.recognition.rule import Finding, Rule, Use, finding_of, values_of


def rule(pattern: str, captures: list[tuple[int, str]], **constants: str) -> Rule:
    named = {name.replace("_", ".", 1): value for name, value in constants.items()}
    return Rule("test/rule", pattern, 0, "smtp", named, captures)


RULES = [
    rule("(a*) (b*)", [(1, "host.name"), (2, "service.version")], service_product="X"),
    rule("(a*) (b*)", [(1, "service.version"), (2, "service.info")], service_product="X"),
    rule(
        "(a*) (b*)", [(1, "service.info"), (2, "service.edition")], service_product="X", service_info="plain"
    ),
    rule("(a*) (b*)", [(1, "service.info")], service_cpe23="cpe:/a:x:{service.info}:1", service_product="X"),
    rule(
        "(a*) (b*)",
        [(1, "os.version"), (2, "service.info")],
        os_product="Y",
        hw_product="Z",
        service_product="X",
    ),
]
texts = st.none() | st.text(max_size=5) | st.sampled_from(["plain", "\ue000", "Z", " x ", "\x00"])


@pytest.mark.parametrize("one", RULES, ids=range(len(RULES)))
@given(groups=st.tuples(texts, texts))
def test_a_shared_answer_is_the_rules_own(one: Rule, groups: tuple[str | None, str | None]) -> None:
    def said(key: str, index: int, kept: tuple[str | None, ...]) -> Finding:
        return finding_of(one, values_of(one, kept))

    assert Use(one).finding(said, "", 0, groups) == finding_of(one, values_of(one, groups))


def test_what_concludes_nothing_is_blanked() -> None:
    asked = []

    def said(key: str, index: int, kept: tuple[str | None, ...]) -> Finding:
        asked.append(kept)
        return finding_of(RULES[0], values_of(RULES[0], kept))

    use = Use(RULES[0])
    for host in ("a", "aa", "aaa"):
        assert use.finding(said, "", 0, (host, "b")).service.version == "b"
    assert set(asked) == {(None, "b")}
