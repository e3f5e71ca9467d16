"""What rules say of every example: whole values, bare versions in CPE names, the same product at every port."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from banner import Rules
from banner.models import Service
from banner.recognition.build import BUILT_IN
from banner.recognition.check import compiled
from banner.recognition.collections.recog import read
from banner.recognition.rule import finding_of, values_of

FILES = sorted(BUILT_IN.glob("*.xml"))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

PLAIN = re.compile(r"\d+(?:\.\d+)+")
OF_NUMBERS_ALONE = frozenset(("Microsoft",))
"""Makers whose versions have no letters."""
DROPPED = {"dns_versionbind": 14, "ftp": 2, "mysql": 10, "sip_server": 6, "sip_user_agent": 6}
"""Of grammars of their own: a distribution's or a maker's number behind the version."""
NOT_BARE = re.compile(r"^\d[^\s]*[-~+/,;]|\s")
FRAMES = {
    "smtp.banner": "220 {}\r\n", "ftp.banner": "220 {}\r\n", "pop3.banner": "+OK {}\r\n", "imap4.banner": "* OK {}\r\n",
    "nntp.banner": "200 {}\r\n", "ssh.banner": "SSH-2.0-{}\r\n",
    "http_header.server": "HTTP/1.1 200 OK\r\nServer: {}\r\n\r\n",
}  # fmt: skip
PORTS = (21, 25, 80, 110, 6379, 31337)


def faults(service: Service) -> list[str]:
    """What is wrong with the values of `service`, whatever they mean."""
    told = {name: getattr(service, name) for name in ("vendor", "product", "version", "os", "device", "info")}
    found = [
        f"{name} ends badly: {value!r}" for name, value in told.items() if value and value[-1] in ".,;:_-"
    ]
    for name, value in told.items():
        if value and any(value.count(half) != value.count(other) for half, other in ("()", "[]", "{}")):
            found.append(f"{name} has an odd bracket: {value!r}")
    versions = [name.replace("\\:", "").split(":")[5] for name in service.cpe]
    return found + [f"not a bare version: {version}" for version in versions if NOT_BARE.search(version)]


@each_file
def test_every_value_is_whole(path: Path) -> None:
    wrong = []
    collection = read(path)
    for rule, examples in zip(collection.rules, collection.examples, strict=True):
        for example in examples:
            for text in (
                example.text,
                f"{example.text})",
                f"{example.text}.",
                example.text[: len(example.text) // 2],
            ):
                if (match := compiled(rule).search(text)) is not None:
                    found = finding_of(rule, values_of(rule, match.groups())).service
                    wrong += [f"{rule.id}: {text[:80]!r}: {fault}" for fault in faults(found)]
    assert not wrong, "\n".join(wrong[:20])


@each_file
def test_no_part_of_a_version_is_dropped(path: Path) -> None:
    """``5.02b`` is not 5.02, and 8.17.1.9 not 8.17.1: a rule tells the whole of it, or none."""
    wrong = []
    collection = read(path)
    for rule, examples in zip(collection.rules, collection.examples, strict=True):
        group = next((group for group, name in rule.captures if name == "service.version"), None)
        if group is None or rule.constants.get("service.vendor") in OF_NUMBERS_ALONE:
            continue
        for text in (example.text for example in examples):
            match = compiled(rule).search(text)
            if match is None or not PLAIN.fullmatch(version := match[group] or ""):
                continue
            for more in ("b", "rc1", ".4"):
                longer = f"{text[: match.end(group)]}{more}{text[match.end(group) :]}"
                found = compiled(rule).search(longer)
                if found is not None and found[group] and found[group] != version + more:
                    wrong.append(f"{rule.id}: {longer[:80]!r}: {found[group]}")
    assert len(wrong) <= DROPPED.get(path.stem, 0), "\n".join(wrong[:20])


def test_no_product_depends_on_the_port() -> None:
    """A port tells which protocol is likelier. It names no product."""
    rules = Rules(remembered=0)
    wrong = []
    for path in FILES:
        collection = read(path)
        if (frame := FRAMES.get(collection.matches)) is None:
            continue
        for example in (one for told in collection.examples for one in told[:1]):
            if "\n" in example.text:
                continue
            greeting = frame.format(example.text).encode()
            found = (rules.identify(greeting, port=port) for port in PORTS)
            products = {one.product for one in found if one and one.product and one.confidence >= 0.75}
            if len(products) > 1:
                wrong.append(f"{greeting!r}: {products}")
    assert not wrong, "\n".join(wrong[:20])
