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
