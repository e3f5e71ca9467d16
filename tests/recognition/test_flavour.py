"""Ruby's and PCRE's syntax, said in Python's: what matches there has to match here, and nothing else."""

from __future__ import annotations

import re

import pytest

from banner.recognition.collections.flavour import Flavour, Unfaithful, translate

RUBY_MATCHES = [
    (r"^b$", "a\nb\nc"),
    (r"\Ab\z", "b"),
    (r"b\Z", "b\n"),
    (r"(?m)a.b", "a\nb"),
    (r"x(?i)y|z", "xZ"),
    (r"x(?i:y)z", "xYz"),
    (r"(?i)^SERVER: (\S+)", "server: a"),
    (r"(?-mix:a)", "a"),
    (r"(?mi-x:a.B)", "A\nb"),
    (r"\h+", "beef"),
    (r"[\h-]+\Z", "0a-f"),
    (r"[[:alpha:]_]+\Z", "ab_"),
    (r"(?<name>a)\k<name>", "aa"),
    (r"a++b", "aab"),
    (r"(?>a+)b", "aab"),
    (r"\e\a", "\x1b\x07"),
    (r"\xC3\xBC", "ü"),
    (r"\u00fc\u{fc}", "üü"),
    (r"[\xC3\xBC]x", "üx"),
    (r"\_\-\/\q", "_-/q"),
    (r"a(?#comment)b", "ab"),
    (r"[&|~-]+", "&|~-"),
    (r"a\Rb", "a\r\nb"),
    (r"[\w-.]+\Z", "a-."),
    (r"a{2}{", "aa{"),
]
RUBY_DOES_NOT = [
    (r"a.b", "a\nb"), (r"^b\z", "b\n"), (r"x(?i:y)z", "xYZ"), (r"\h", "g"), (r"\d", "\u0663"), (r"a++a", "aaa"),
    (r"x(?i)y|z", "z"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text"), RUBY_MATCHES)
def test_ruby_matches(pattern: str, text: str) -> None:
    assert re.search(translate(pattern, Flavour.RUBY), text, re.MULTILINE | re.ASCII)


@pytest.mark.parametrize(("pattern", "text"), RUBY_DOES_NOT)
def test_ruby_does_not_match(pattern: str, text: str) -> None:
    assert not re.search(translate(pattern, Flavour.RUBY), text, re.MULTILINE | re.ASCII)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\x80\xff\0$", "\x80\xff\0"),
        (r"[]a]+\Z", "]a"),
        (r"[^]a]", "b"),
        (r"\Qa.b\E+", "a.bb"),
        (r"\h\v", "\t\n"),
        (r"a\Nb", "axb"),
        (r"(?i)A(?-i)b", "ab"),
        (r"[\w._-]+ [\d-\s]", "a._- 1"),
        (r"\x{41}", "A"),
        (r"(?(1)a|b)", None),
        (r"\07\012", "\x07\n"),
    ],
)
def test_pcre(pattern: str, text: str | None) -> None:
    if text is None:
        with pytest.raises((Unfaithful, re.error)):
            re.compile(translate(pattern, Flavour.PCRE))
    else:
        assert re.search(translate(pattern, Flavour.PCRE), text, re.ASCII)


@pytest.mark.parametrize(
    ("pattern", "flavour"),
    [
        (r"a\Kb", Flavour.PCRE), (r"(?R)", Flavour.PCRE), (r"(?|a|b)", Flavour.PCRE), (r"\p{L}", Flavour.RUBY),
        (r"[a[bc]]", Flavour.RUBY), (r"[a&&b]", Flavour.RUBY), (r"(?x) a", Flavour.RUBY), (r"\g<1>", Flavour.RUBY),
        (r"[abc", Flavour.RUBY), (r"\X", Flavour.PCRE), (r"\x{100}", Flavour.PCRE), ("a\\", Flavour.RUBY),
        (r"(*UTF8)a", Flavour.PCRE), (r"[[:^alpha:]]", Flavour.PCRE),
    ],
)  # fmt: skip
def test_what_python_cannot_say_is_refused_with_a_reason(pattern: str, flavour: Flavour) -> None:
    with pytest.raises(Unfaithful, match=r".{10}"):
        translate(pattern, flavour)
