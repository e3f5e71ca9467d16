"""``banner rules check``: how much of a collection loads, what does not and why, and whether its examples
come true.

Every example of a Recog collection is held against the rule that it belongs to, attribute by attribute, and
against all rules of its key in their order: a rule that another one shadows would never speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from .build import BUILT_IN, table_of
from .choice import BUDGET
from .collections import nmap
from .collections.recog import Collection, Example, read
from .cost import cost_of
from .engine import OF_CERTIFICATES, RecogLayer
from .fields import LIMIT
from .load import is_nmap
from .names import trimmed
from .products import at_most
from .rule import Rule, values_of


class Report(msgspec.Struct):
    """What checking found. ``good`` is the exit code's truth: everything loaded, every example came true."""

    path: str
    files: int = 0
    rules: int = 0
    examples: int = 0
    rejected: list[str] = []
    failed: list[str] = []
    shadowed: list[str] = []
    notes: list[str] = []

    @property
    def good(self) -> bool:
        """Whether nothing was rejected and no example failed. Shadowing is told and no failure: in Recog's
        own
        collections, several rules may share an example's text."""
        return not (self.rejected or self.failed)

    def text(self) -> str:
        """For a person: a summary, and one line for everything that is wrong."""
        lines = [f"{self.path}: {self.rules} rules in {self.files} files load, {len(self.rejected)} do not"]
        lines += [f"  not loaded: {text}" for text in self.rejected]
        lines += [f"  {note}" for note in self.notes]
        if self.examples:
            lines.append(f"  {self.examples} examples: {self.examples - len(self.failed)} come true")
        lines += [f"  failed: {text}" for text in self.failed]
        lines += [f"  shadowed: {text}" for text in self.shadowed]
        return "\n".join(lines) + "\n"


def check(path: Path) -> Report:
    """Check the collection in `path`. Raises `OSError`, and `ValueError` where it is none."""
    if path.is_file() and is_nmap(path):
        return _check_nmap(path)
    files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: no Recog collections (*.xml) in this folder")
    report = Report(str(path), files=len(files))
    collections: list[Collection] = []
    for file in files:
        try:
            collections.append(read(file))
        except ValueError as error:
            if not path.is_dir():
                raise
            report.rejected.append(str(error))
    layer = RecogLayer(table_of(collections))
    report.notes += _never_asked(collections)
    report.notes += _dear([rule for collection in collections for rule in collection.rules])
    for collection in collections:
        report.rules += len(collection.rules)
        report.rejected += [f"{r.where}: {r.reason}" for r in collection.rejected]
        for rule, examples in zip(collection.rules, collection.examples, strict=True):
            report.examples += len(examples)
            for example in examples:
                report.failed += failures(rule, example)
                report.shadowed += shadows(collection.matches, rule, example, layer)
    return report


def _check_nmap(path: Path) -> Report:
    read = nmap.parse(path.read_bytes(), path)
    hosts = sum(any(name == "host" for name, _ in rule.fields) for rule in read.rules)
    soft = sum(rule.soft for rule in read.rules)
    notes = [f"{len(read.probes)} probes; {soft} of the rules are soft matches"]
    if datagrams := sum(probe.matches for probe in read.probes if probe.protocol == "UDP"):
        notes.append(f"{datagrams} lines under UDP's probes: asked of datagrams alone")
    if hosts:
        notes.append(f"{hosts} rules capture a host name (h/), which a service has no field for: not shown")
    if read.excluded:
        notes.append(
            f"Exclude {', '.join(read.excluded)}: read, not obeyed here: nothing is sent by identification"
        )
    notes += _dear(read.rules)
    return Report(str(path), files=1, rules=len(read.rules), rejected=read.rejected, notes=notes)


def _never_asked(collections: Sequence[Collection]) -> list[str]:
    """For each key that no greeting's field has, how many rules wait for it in vain."""
    asked = {read(path, examples=False).matches for path in BUILT_IN.glob("*.xml")}
    asked |= OF_CERTIFICATES | {"ldap.search_result"}
    waiting: dict[str, int] = {}
    for collection in collections:
        if collection.matches not in asked:
            waiting[collection.matches] = waiting.get(collection.matches, 0) + len(collection.rules)
    return [
        f"{count} rules for {key}: no field has this key, they never speak"
        for key, count in sorted(waiting.items())
    ]


def _dear(rules: Sequence[Rule | nmap.NmapRule]) -> list[str]:
    """How many rules are not tried on the worst texts, if any."""
    worst = (at_most(cost_of(rule.pattern, rule.flags), LIMIT) for rule in rules)
    dear = sum(cost > BUDGET for cost in worst)
    return [
        f"{dear} rules could cost more than {BUDGET / 1e6:.0f} ms: on texts made for that they are not tried"
    ] * (dear > 0)


def failures(rule: Rule, example: Example) -> Iterator[str]:
    """What of `example` its own rule does not say."""
    match = compiled(rule).search(example.text)
    where = f"{rule.id}: {example.text[:160]!r}"
    if match is None:
        yield f"{where}: its own pattern does not match: {rule.pattern}"
        return
    values = values_of(rule, match.groups())
    for name, expected in example.expected.items():
        if values.get(name) != trimmed(expected):
            yield f"{where}: {name} is {values.get(name)!r}, expected {expected!r}"


def shadows(key: str, rule: Rule, example: Example, layer: RecogLayer) -> Iterator[str]:
    """Whether another rule speaks before `rule` does."""
    found = layer.first(key, example.text)
    if found is not None and found[0] != rule:
        yield f"{rule.id}: {example.text[:160]!r}: {found[0].id} speaks first: {found[0].pattern}"


def compiled(rule: Rule) -> re.Pattern[str]:
    """The pattern of `rule`."""
    return re.compile(rule.pattern, rule.flags)
