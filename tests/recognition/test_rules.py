"""Every example of every built-in rule, through the whole engine: ``pytest tests/recognition/test_rules.py -k ssh``."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner.recognition.build import table_of
from banner.recognition.check import failures, shadows
from banner.recognition.collections.recog import Collection, read
from banner.recognition.engine import RecogLayer
from banner.recognition.literals import nested_repeats
from banner.recognition.load import BUILT_IN

FILES = sorted(BUILT_IN.glob("*.xml"))

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
def test_no_unbounded_repeat_stands_inside_another(path: Path, collections: dict[str, Collection]) -> None:
    rules = collections[path.stem].rules
    nested = [rule.pattern for rule in rules if nested_repeats(rule.pattern, rule.flags)]
    assert not nested, "\n".join(["these can take exponential time:", *nested])


@each_file
def test_every_example(path: Path, collections: dict[str, Collection], layer: RecogLayer) -> None:
    collection = collections[path.stem]
    wrong: list[str] = []
    for rule, examples in zip(collection.rules, collection.examples, strict=True):
        for example in examples:
            wrong += failures(rule, example)
            wrong += shadows(collection.matches, rule, example, layer)
    assert not wrong, f"{len(wrong)} findings in {path.name}:\n" + "\n".join(wrong)
