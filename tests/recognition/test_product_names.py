"""One software has one name: one CPE name in all rules that name it, and its maker is spelt one way."""

from __future__ import annotations

from collections import defaultdict

import pytest

from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from banner.recognition.cpe import formatted
from banner.recognition.rule import Rule
from banner.recognition.servers import squeezed


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return [rule for path in sorted(BUILT_IN.glob("*.xml")) for rule in read(path).rules]


def name_of(rule: Rule) -> str | None:
    """``vendor:product`` of the software's CPE name."""
    told = formatted(rule.constants.get("service.cpe23", ""))
    return ":".join(told.split(":")[3:5]) if told else None


def fixed(rule: Rule) -> str | None:
    """The product, where the rule names it whole."""
    product = rule.constants.get("service.product")
    return None if product is None or "{" in product else product


def test_every_product_has_one_cpe_name_or_none(rules: list[Rule]) -> None:
    names: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for rule in rules:
        if product := fixed(rule):
            names[squeezed(rule.constants.get("service.vendor", "")), squeezed(product)].add(name_of(rule))
    assert len(names) > 1000
    assert not {product: found for product, found in names.items() if len(found) > 1}


def test_every_cpe_name_is_of_one_maker(rules: list[Rule]) -> None:
    makers: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if (name := name_of(rule)) and (maker := rule.constants.get("service.vendor")) and fixed(rule):
            makers[name].add(maker)
    assert not {name: found for name, found in makers.items() if len(found) > 1}


def test_makers_are_spelt_one_way(rules: list[Rule]) -> None:
    spelt: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for part in ("service", "hw", "os"):
            if vendor := rule.constants.get(f"{part}.vendor"):
                spelt[squeezed(vendor)].add(vendor)
    assert len(spelt) > 500
    assert not [found for found in spelt.values() if len(found) > 1]
