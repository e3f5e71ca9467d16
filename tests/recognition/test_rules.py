"""Every example of every built-in rule, through the whole engine: ``pytest tests/recognition/test_rules.py -k ssh``."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner.recognition.ambiguity import ambiguous_repeat
from banner.recognition.build import BUILT_IN, table_of
from banner.recognition.check import failures, shadows
from banner.recognition.collections.recog import Collection, read
from banner.recognition.cost import cost_of
from banner.recognition.engine import RecogLayer
from banner.recognition.products import LOOKING, Text, at_most

FILES = sorted(BUILT_IN.glob("*.xml"))

MOST = 30.0
"""Milliseconds that one rule may cost in the worst text of 128 characters."""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def collections() -> dict[str, Collection]:
    return {path.stem: read(path) for path in FILES}


@pytest.fixture(scope="module")
def layer(collections: dict[str, Collection]) -> RecogLayer:
    return RecogLayer(table_of(list(collections.values())))


@each_file
def test_every_rule_loads_and_has_an_example(path: Path, collections: dict[str, Collection]) -> None:
    collection = collections[path.stem]
    assert not collection.rejected, "\n".join(f"{r.where}: {r.reason}" for r in collection.rejected)
    bare = [r.id for r, told in zip(collection.rules, collection.examples, strict=True) if not told]
    assert not bare, f"rules without an example: {bare}"


@each_file
def test_no_rule_is_dear(path: Path, collections: dict[str, Collection]) -> None:
    """By the analysis, not by the clock: what is ambiguous under a repeat, or shares a short text in too many ways."""
    dear = []
    for rule in collections[path.stem].rules:
        worst = at_most(cost_of(rule.pattern, rule.flags), 128) / 1e6
        if worst > MOST or ambiguous_repeat(rule.pattern, rule.flags) is not None:
            dear.append(f"{worst:.0f} ms: {rule.pattern}")
    assert not dear, "\n".join(["these can take too long (docs/rules.md, Patterns):", *dear])


@each_file
def test_no_formula_says_that_a_match_begins_nowhere(path: Path, collections: dict[str, Collection]) -> None:
    """Such a pattern is not tried at all (`Matcher`)."""
    collection = collections[path.stem]
    for rule, examples in zip(collection.rules, collection.examples, strict=True):
        formula = cost_of(rule.pattern, rule.flags)
        for example in examples:
            assert Text(example.text).cost(formula) > LOOKING * len(example.text), rule.pattern


@each_file
def test_every_example(path: Path, collections: dict[str, Collection], layer: RecogLayer) -> None:
    collection = collections[path.stem]
    wrong: list[str] = []
    for rule, examples in zip(collection.rules, collection.examples, strict=True):
        for example in examples:
            wrong += failures(rule, example)
            wrong += shadows(collection.matches, rule, example, layer)
    assert not wrong, f"{len(wrong)} findings in {path.name}:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "twins", [("sip_server", "sip_user_agent"), ("http_generator", "http_generator_header")]
)
def test_fields_that_say_the_same_have_the_same_rules(twins: tuple[str, str]) -> None:
    """A SIP server calls itself alike in Server and User-Agent (RFC 3261, sections 20.35 and 20.41)."""
    one, other = ([rule.pattern for rule in read(BUILT_IN / f"{name}.xml").rules] for name in twins)
    assert one == other
