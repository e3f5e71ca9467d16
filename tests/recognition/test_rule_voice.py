"""Answers that greetings share are the same as those that each would have for itself."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from banner.recognition.rule import Finding, Rule, finding_of, values_of
from banner.recognition.voice import Voice


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
    rule("(a*) (b*)", [(1, "host.name"), (2, "service.info")]),
    rule("(a*) (b*)", [(1, "service.product"), (2, "service.info")], service_component_product="PHP"),
    rule("(a*) (b*)", [(1, "service.info"), (2, "service.info")], service_product="{service.info}"),
    rule(
        "(a*) (b*)",
        [(1, "os.version"), (2, "service.info")],
        os_product="Y",
        hw_product="Z",
        service_product="X",
    ),
    rule(
        "(a*) (b*)",
        [(2, "service.version")],
        service_product="X",
        service_cpe23="cpe:/a:x:x:{service.version}",
    ),
    rule(
        "(a*) (b*)",
        [(1, "service.version"), (2, "service.info")],
        service_product="X",
        service_cpe23="cpe:2.3:a:x:x:{service.version}:*:*:*:*:*:*:*",
    ),
    rule("(a*) (b*)", [(2, "service.version")], service_product="X {service.version}"),
    rule("(a*) (b*)", [(2, "service.version")], hw_product="X", hw_version="7"),
    rule("(a*) (b*)", [(2, "service.version"), (2, "os.version")], service_product="X", os_product="Y"),
    rule(
        "(a*) (b*)", [(1, "hw.product"), (2, "os.version")], hw_vendor="Z", os_vendor="Z", os_product="Z OS 7"
    ),
    rule(
        "(a*) (b*)",
        [(1, "hw.product"), (1, "os.product"), (2, "hw.version")],
        os_vendor="Z",
        hw_cpe23="cpe:2.3:h:z:{hw.product}:{hw.version}:*:*:*:*:*:*:*",
        os_cpe23="cpe:/o:z:{hw.product}_firmware:{hw.version}",
    ),
    rule("(a*) (b*)", [(1, "os.vendor"), (2, "os.product")], os_version="7", service_info="plain"),
    rule("(a*) (b*)", [(1, "hw.model"), (2, "hw.vendor")], service_product="X", service_info="Z plain"),
    rule("(a*) (b*)", [(1, "hw.device"), (2, "service.component.version")], service_component_product="PHP"),
    rule("(a*) (b*)", [(1, "host.name"), (2, "service.vendor")], hw_product="{host.name} 7"),
]
texts = (
    st.none()
    | st.text(alphabet="ab", max_size=3)
    | st.sampled_from(
        [
            "plain",
            "info",
            "Z",
            " x ",
            "\x00",
            "-",
            "1.2",
            "9.2p1",
            "1.2-rc1",
            "1.2-3ubuntu1",
            "1.",
            "1_",
            "7.4P2",
            "2:1",
            "RT-AC68U",
            "z",
            "%41",
            "\\y",
            'say "y"',
            "\xe4",
            "1zqxjzaq",
        ]
    )
)


@pytest.mark.parametrize("one", RULES, ids=range(len(RULES)))
@given(greetings=st.lists(st.tuples(texts, texts), min_size=1, max_size=6))
def test_a_shared_answer_is_the_rules_own(one: Rule, greetings: list[tuple[str | None, str | None]]) -> None:
    voice = Voice(one, 2, {})
    for groups in greetings:
        match = match_of(*groups)
        assert said(voice.finding(match)) == said(finding_of(one, values_of(one, match.groups())))


def test_every_answer_of_the_built_in_rules_is_its_rules_own() -> None:
    """Each example, and once more with all of its digits moved by one."""
    tried = 0
    for path in sorted(BUILT_IN.glob("*.xml")):
        collection = read(path)
        for one, examples in zip(collection.rules, collection.examples, strict=True):
            pattern = re.compile(one.pattern, one.flags)
            voice = Voice(one, pattern.groups, {})
            texts = [text for example in examples for text in (example.text, moved(example.text))]
            for match in filter(None, map(pattern.search, [*texts, *texts])):
                assert said(voice.finding(match)) == said(finding_of(one, values_of(one, match.groups())))
                tried += 1
    assert tried > 20_000


class Match:
    """A match of any pattern, with what it captured."""

    def __init__(self, groups: tuple[str | None, ...]) -> None:
        self._groups = groups
        self.re = SimpleNamespace(groups=len(groups))

    def groups(self) -> tuple[str | None, ...]:
        return self._groups

    def __getitem__(self, number: int) -> str | None:
        return self._groups[number - 1]

    def group(self, *numbers: int) -> Any:
        found = tuple(self._groups[number - 1] for number in numbers)
        return found[0] if len(found) == 1 else found


CAPTURED = (
    "2.4.52", None, "7", "RT-AC68U", "", "1.2-3ubuntu1", "Windows", "cisco", "3:1", "router", "9.2P1", "%41", "12(4)T",
    "1.0.", "linux 2.6", "x" * 300, 'a "b" c', "\\\\x\\y", "\u2028\xa0\x85\u0142", "\"7\"",
)  # fmt: skip


def test_whatever_is_captured_the_answer_is_the_rules_own() -> None:
    tried = 0
    for path in sorted(BUILT_IN.glob("*.xml")):
        for one in read(path, examples=False).rules:
            groups = max((group for group, _ in one.captures), default=0)
            voice = Voice(one, groups, {})
            for first in range(len(CAPTURED) if groups else 0):
                captured = tuple(CAPTURED[(first + 5 * at) % len(CAPTURED)] for at in range(groups))
                own = finding_of(one, values_of(one, captured))
                found = voice.finding(cast("re.Match[str]", Match(captured)))
                assert said(found) == said(own), (one.id, captured)
                tried += 1
    assert tried > 20_000


def moved(text: str) -> str:
    return text.translate({ord(digit): str((int(digit) + 1) % 10) for digit in "0123456789"})


def test_what_concludes_nothing_is_not_looked_at() -> None:
    voice = Voice(RULES[0], 2, {})
    answers = {voice.finding(match_of(host, "b")).encoded() for host in ("a", "aa", "aaa")}
    assert len(answers) == 1


@pytest.mark.parametrize("one", [RULES[1], RULES[9]])
def test_an_answer_with_another_info_drives_none_out(one: Rule) -> None:
    """A comment that is another each time is put into the same answer; none leaves none behind."""
    known: dict[object, Finding] = {}
    voice = Voice(one, 2, known)
    comments = ["b", None, "bb", " ", 'b"b\\', "b", "", "%s", "x" * 300]
    for comment in comments * 2:
        for version in ("1", "1.2", "2-a"):
            own = finding_of(one, values_of(one, (version, comment)))
            assert said(voice.finding(match_of(version, comment))) == said(own)
    first = voice.finding(match_of("1", "b"))
    for number in range(10_000):
        told = voice.finding(cast("re.Match[str]", Match(("1.2", str(number)))))
    assert told.service.info == "9999"
    assert voice.finding(match_of("1", "b")) is first
    assert len(known) < 5000


def test_rules_do_not_hear_each_others_answers() -> None:
    known: dict[object, Finding] = {}
    voices = [Voice(one, 2, known) for one in RULES]
    for groups in ((None, "b"), ("a", None), ("a", "b"), ("a", "b")):
        for one, voice in zip(RULES, voices, strict=True):
            assert said(voice.finding(match_of(*groups))) == said(finding_of(one, values_of(one, groups)))


def test_a_flood_of_versions_is_not_kept() -> None:
    """Versions of which a CPE name takes a part are concluded one by one, and the last remembered."""
    known: dict[object, Finding] = {}
    voice = Voice(RULES[8], 2, known)
    for number in range(10_000):
        voice.finding(match_of("a", f"1.2-{number}ubuntu"))
    assert 0 < len(known) <= 8192


def said(finding: Finding) -> tuple[object, ...]:
    """Everything that is told of `finding`: its JSON, made without a `Service`, is that of its service."""
    written = finding.encoded()
    assert written == msgspec.json.encode(finding.service)
    return written, finding.service, finding.names_product, finding.component


def match_of(*groups: str | None) -> re.Match[str]:
    """A match whose groups are `groups`."""
    pattern = "".join("(nothing)?" if text is None else f"({re.escape(text)})" for text in groups)
    match = re.fullmatch(pattern, "".join(text or "" for text in groups))
    assert match is not None
    assert match.groups() == groups
    return match
