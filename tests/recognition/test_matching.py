"""The automaton gives the same answers as every pattern in order: over greetings, and over mutations of them."""

from __future__ import annotations

import random
import re
from functools import partial
from pathlib import Path

import pytest

from banner.recognition.build import BUILT_IN, nmap_table, table_of
from banner.recognition.collections.nmap_layer import NmapLayer
from banner.recognition.collections.recog import Collection, read
from banner.recognition.engine import RecogLayer
from banner.recognition.literals import needs
from banner.recognition.matcher import Matcher
from banner.recognition.need import Need
from tests.bench.identify import greetings
from tests.quick import quick

NMAP = Path("/usr/share/nmap/nmap-service-probes")


@pytest.fixture(scope="module")
def collections() -> list[Collection]:
    return [read(path) for path in sorted(BUILT_IN.glob("*.xml"))]


def mutations(texts: list[str], count: int, rng: random.Random) -> list[str]:
    """`count` texts, each one of `texts` cut, joined, with other cases, or with characters changed."""
    made = []
    for _ in range(count):
        text = rng.choice(texts)
        at = rng.randrange(len(text) + 1)
        other, noise = rng.choice(texts), chr(rng.randrange(1, 255))
        gap = rng.choice(["\n", " ", "\r\n", "\0"])
        changed = (text[:at] + noise + text[at + 1 :], text[:at] + other, text[:at] + gap + text[at:])
        made.append(rng.choice((text[:at], text[at:], text.swapcase(), *changed)))
    return made


def assert_same(matcher: Matcher, texts: list[str], beyond: int = 0) -> None:
    """`beyond` texts at most may lose their first match to the budget, and to nothing else."""
    lost = 0
    for text in texts:
        expected = next(((i, m.span()) for i, m in matcher.every(text)), None)
        found = matcher.first(text)
        if expected is not None and expected[0] not in set(matcher.candidates(text)):
            lost += 1
            continue
        assert (found and (found[0], found[1].span())) == expected, text
    assert lost <= beyond


def test_built_in_rules_answer_as_in_order(collections: list[Collection]) -> None:
    rng = random.Random(7)
    layer = RecogLayer(table_of(collections))
    examples: dict[str, list[str]] = {}
    for collection in collections:
        for told in collection.examples:
            examples.setdefault(collection.matches, []).extend(example.text[:512] for example in told)
    checked = 0
    for key, texts in examples.items():
        matcher = layer.loaded(key).matcher
        sample = rng.sample(texts, min(60, len(texts)))
        asked = sample + mutations(sample, 80, rng)
        assert_same(matcher, asked)
        checked += len(asked)
    assert checked >= 1000


@pytest.mark.skipif(not NMAP.exists(), reason="nmap-common is not installed")
def test_nmaps_list_loads_whole_and_answers_as_in_order() -> None:
    table = nmap_table([(NMAP, NMAP.read_bytes())])
    assert len(table.rejected) < 15
    assert all("can take exponential time" in text for text in table.rejected)
    layer = NmapLayer(table)
    rng = random.Random(7)
    known = [text.replace("{host}", "mx.example") for text in greetings()]
    texts = [*rng.sample(known, 400), "RFB 003.008\n", "\xff\xfb\x01\xff\xfd\x18login: "]
    asked = texts + mutations(texts, 600, rng)
    assert_same(layer.matcher, asked, beyond=3)
    found = {match[0] for text in asked if (match := layer.matcher.first(text)) is not None}
    assert len(found) > 40  # else the texts say nothing


@pytest.mark.parametrize(
    ("pattern", "flags", "literals"),
    [
        (r"^OpenSSH_(\d+)", 0, [b"openssh_"]),
        (r"(?:abc)+d", 0, [b"abc"]),
        (r"foo|bar", 0, [b"bar", b"foo"]),
        (r"foo|b", 0, []),
        (r"x(?:foo)?y", 0, []),
        (r"[Ss]erver", 0, [b"server"]),
        (r"serv[ei]r", 0, [b"server", b"servir"]),
        (r"T[DL]-(?:WR|WA)\d", 0, [b"td-w", b"tl-w"]),
        (r"Speed ?[Tt]ouch", 0, [b"speed touch", b"speedtouch"]),
        (r"(?:v )?version", 0, [b"version"]),
        (r"ab(?:[cd])?(?:e|f\d)", 0, [b"abce", b"abcf", b"abde", b"abdf", b"abe", b"abf"]),
        (r"ab\d?(?:e|f\d)", 0, []),
        (r"\bAP9\d|\bAPC FTP|\bAOS v", 0, [b"aos v", b"ap9", b"apc ftp"]),
        (r"abc(?:d|e|fg)?\d", 0, [b"abc"]),
        (r"ab[a-d]c[^x]e", 0, []),
        (r"(?:a|b)(?:cd|ef)g", 0, [b"acdg", b"aefg", b"bcdg", b"befg"]),
        (r"abc[defghijk][defghijk]", 0, [b"abc"]),
        (r"(?=hello)h", 0, [b"hello"]),
        (r"(?!hello)h..", 0, []),
        (r"\0\0\0\0\0", 0, []),
        (r"ab{3}c", 0, [b"abbbc"]),
        (r"ÜBER", re.IGNORECASE, ["Ü".encode() + b"ber"]),
        (r"a.b.c", 0, []),
    ],
)
def test_required_literals(pattern: str, flags: int, literals: list[bytes]) -> None:
    (need,) = needs([(pattern, flags | re.ASCII)])
    assert need.literals == sorted(literals)


def test_kelvin_is_no_k() -> None:
    (need,) = needs([("abc[k\u212a]", int(re.ASCII))])
    assert need.literals == [b"abc"]


def test_of_equally_long_literals_in_a_branch_the_rare_one_is_chosen() -> None:
    for either in (r"Some Server\d|FTP Server.*Windows CE", r"Some Server\d|Windows CE.*FTP Server"):
        need, *_ = needs([(either, 0), *((rf"FTP Server v{number}", 0) for number in range(9))])
        assert need.literals == [b"some server", b"windows ce"]


def test_of_several_clauses_the_rare_one_is_chosen() -> None:
    asked = needs([(f"^HTTP server.*Product{letter}", 0) for letter in "abcdefghijklmnopqrstuvwxyz" * 3])
    assert {need.literals[0] for need in asked} == {b"product%c" % letter for letter in range(97, 123)}


def test_patterns_without_literals_are_tried_where_they_fit() -> None:
    patterns = [(r"^\d\d$", int(re.ASCII)), (r"^\w+", int(re.ASCII)), (r"[a-z]$", int(re.ASCII))]
    matcher = Matcher(patterns, needs(patterns))
    assert list(matcher.candidates("123456")) == [1, 2]
    assert list(matcher.candidates("12\n")) == [0, 1, 2]
    assert list(matcher.candidates("ab")) == [1, 2]
    assert matcher.first("12\n") is not None


def test_no_example_repeated_is_slow(collections: list[Collection]) -> None:
    """What a hostile peer would send: a greeting that all but matches, again and again, up to the limit."""
    layer = RecogLayer(table_of(collections))
    slow = []
    for collection in collections:
        matcher = layer.loaded(collection.matches).matcher
        for told in collection.examples:
            text = told[0].text if told else ""
            for flood in ((text[: len(text) // 2 + 1] * 2048)[:2048], (text * 2048)[:2048]):
                matcher.first(flood)  # patterns compile when first needed
                if not quick(partial(matcher.first, flood), 0.02):
                    slow.append(f"{collection.name}: {text[:60]!r}")
    assert not slow, "\n".join(slow)


def test_needs_are_plain_data() -> None:
    (need,) = needs([("abc", 0)])
    assert need == Need([b"abc"], 3, 1 << 20, priced=need.priced, code=need.code)


@pytest.mark.parametrize(
    ("pattern", "flags", "anchored", "begins"),
    [
        (r"^OpenSSH", 0, True, "O"),
        (r"^OpenSSH", re.IGNORECASE, True, "Oo"),
        (r"OpenSSH", 0, False, None),
        (r"^a|b", 0, False, None),
        (r"^(?:ab|c)d", 0, True, "ac"),
        (r"^(?:ab|c)?d", 0, True, "acd"),
        (r"^[xy]?\d{2}", 0, True, "0123456789xy"),
        (r"^\bx", 0, True, "x"),
        (r"^(?!x)y", 0, True, "y"),
        (r"^x*", 0, True, None),
        (r"^.x", 0, True, None),
        (r"^[^a]", 0, True, None),
        (r"^(?i:a)b", 0, True, None),
        (r"^\W", 0, True, None),
        (r"^(x)?\1", 0, True, None),
    ],
)
def test_beginnings(pattern: str, flags: int, anchored: bool, begins: str | None) -> None:
    (need,) = needs([(pattern, flags | re.ASCII)])
    assert (need.anchored, need.begins) == (anchored, begins)


def test_a_beginning_may_stand_in_a_later_line() -> None:
    for flags, expected in ((re.MULTILINE, [0]), (0, [])):
        patterns = [(r"^b\d", int(re.ASCII | flags))]
        matcher = Matcher(patterns, needs(patterns))
        assert matcher.candidates("a\nb1") == expected
        assert (matcher.first("a\nb1") is not None) == bool(expected)
        assert matcher.first("b1\n") is not None
        assert matcher.first("") is None


def test_choices_are_bounded_and_do_not_mix() -> None:
    patterns = [(rf"^{letter}", int(re.ASCII)) for letter in "abc"] + [("xyz", int(re.ASCII))]
    matcher = Matcher(patterns, needs(patterns))
    for number in range(6000):
        text = chr(0x4E00 + number) + "abc"[number % 3]
        assert matcher.candidates(text) == []
        assert matcher.candidates(text[::-1]) == [number % 3]
    assert len(matcher._choices) <= 2048
    assert matcher.candidates("axyz") == [0, 3]


@pytest.mark.parametrize("length", [1, 1000], ids=["short", "long"])
def test_the_first_text_is_read_as_all_further_ones_are(length: int) -> None:
    """It alone is looked through without an automaton, where it is short."""
    patterns = [("alpha.*beta", 0), ("beta", 0), ("gamma", 0), ("alphabet", 0)]
    matcher = Matcher(patterns, needs(patterns))
    text = "x" * length + "the alphabet and alpha, then beta"
    first = list(matcher.candidates(text))
    assert first == list(matcher.candidates(text)) == [0, 1, 3]
