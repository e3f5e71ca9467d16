"""Patterns taken up from their code are those that would be compiled; whatever is wrong with it, there is a pattern."""

from __future__ import annotations

import re

import msgspec
import pytest

from banner.recognition import compiled as module
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from banner.recognition.compiled import NONE, code_of, compiled
from banner.recognition.tree import parsed

NAMED = [
    (r"(?i)(?P<name>[a-z]+)/(?P<version>\d+)?", 0),
    (r"^ä|[^\W\d]ſ", int(re.IGNORECASE)),
    ("", int(re.ASCII)),
]


def refuse(*_: object) -> None:
    raise AssertionError("compiled")


def test_code_is_the_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        rule for name in ("ssh", "telnet") for rule in read(BUILT_IN / f"{name}.xml", examples=False).rules
    ]
    patterns = [*NAMED, *((rule.pattern, rule.flags) for rule in rules)]
    expected = [re.compile(*one) for one in patterns]
    coded = [code_of(parsed(*one), one[1]) for one in patterns]
    monkeypatch.setattr("banner.recognition.compiled.re.compile", refuse)
    found = [compiled(*one, code) for one, code in zip(patterns, coded, strict=True)]
    assert found == expected
    assert [one.groupindex for one in found] == [one.groupindex for one in expected]
    assert [one.groups for one in found] == [one.groups for one in expected]
    match = found[0].search("Acme/7")
    assert match is not None
    assert match.groupdict() == {"name": "Acme", "version": "7"}
    assert match.lastgroup == "version"


@pytest.mark.parametrize(
    "damage",
    [
        lambda made: NONE,
        lambda made: msgspec.Raw(b"\x93\1"),
        lambda made: encoded([made[0] ^ 1, *made[1:]]),
        lambda made: encoded([*made[:2], [1, 2, 3], *made[3:]]),
        lambda made: encoded([*made[:2], [2**40], *made[3:]]),
        lambda made: encoded([*made[:2], made[2][:-1], *made[3:]]),
        lambda made: encoded([*made[:3], -5, made[4]]),
        lambda made: encoded([*made[:3], 0, made[4]]),
    ],
)
def test_what_is_no_code_of_this_python_is_compiled(damage: object) -> None:
    pattern, flags = NAMED[0]
    made = msgspec.msgpack.decode(code_of(parsed(pattern, flags), flags))
    assert callable(damage)
    assert compiled(pattern, flags, damage(made)) == re.compile(pattern, flags)


def test_another_python_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern, flags = NAMED[0]
    code = code_of(parsed(pattern, flags), flags)
    monkeypatch.setattr(module, "_here", lambda: 0)
    monkeypatch.setattr(module, "_sre", None)
    assert compiled(pattern, flags, code) == re.compile(pattern, flags)


def encoded(parts: list[object]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(parts))
