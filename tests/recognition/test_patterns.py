"""What patterns may cost: ambiguity under a repeat, the formulas of the rest, the budget, and what is refused."""

from __future__ import annotations

import re
from math import log2
from pathlib import Path

import msgspec
import pytest

from banner import Rules
from banner.recognition.ambiguity import ambiguous_repeat
from banner.recognition.check import check
from banner.recognition.choice import BUDGET
from banner.recognition.cost import cost_of
from banner.recognition.literals import needs
from banner.recognition.matcher import Matcher
from banner.recognition.need import Price
from banner.recognition.products import LINES, TEXT, Text, Together, at_most, roughly, within

from ..patterns import own_patterns

EXCUSED = {
    "banner.probes.xmpp._FEATURE": "what follows an opening bracket holds none: all searches share the text",
    "banner.probes.xmpp._NODE": "the same",
    "banner.recognition.collections.nmap._REFERENCE": "for templates of the user's own file",
    "banner.recognition.packets._TELNET": "a command's parameters hold no command: all searches share the text",
    "banner.recognition.markup._TOKEN": "each alternative runs to its end or the text's: all searches share the text",
    "banner.probes.ftp._AUTH": "matched at the beginning of each line alone",
}


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b", r"(.+)*x", r"(?:a*|b)*c", r"(?:a|a)*b", r"(?:a|ab|b)*c", r"(?:a*b?a*,)*x", r"(?:(?:\s*)?x)*y",
        r"(?>(?:a+)+b)", r"(?=(a+)+b)c", r"(?:\w+\s?){1,50}!", r"(?:x\w*)*!", r"(?:\w+\s+|\w)*!", r"(?:aa|aaa)*b",
        r"(?:(?:a+)+b)*", r"(?:a+b?)*c", r"(?:[\w.]+ ?)+\r", r"((?:a|b)c|a(?:c|d))*e", r"(?i:(?:a|A+)*b)", r"(x+x+)+y",
        r"(?:.*,)*x", r"(?:\d+|[0-9a-f])+ ", r"(?:(a)|(?:a|b))*c", r"(?:a{1,3}){2,}b", r"(?:\1|a)*(b)c", r"(?:a?b?)*c",
    ],
)  # fmt: skip
def test_two_ways_under_a_repeat_are_found(pattern: str) -> None:
    if "\\1" in pattern:
        pattern = "(a)" + pattern
    assert ambiguous_repeat(pattern, 0) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"a+b+c", r"(?:\S+ )*x", r"(?:(?:ab)+c)+x", r"(?:[^,]+,)*x", r"(?:\d{3})*x", r"(?:\d+\.)*\d+x", r"(a+)+",
        r"(?:a++b?)*x", r"(?>(?>a+)b?)*x", r"(?:\w++\s*+)*!", r"(?:x\d*)*!", r"((?:a|b)*c|d)*e", r"(?:ab|a)*c",
        r"(?:[^\r\n]+\r\n)*?Server", r"(?:\\.|[^\\\"])*\"", r"(?:(?:a+)+)++b?", r"(?:abc)*d", r"(?=a+)b+c",
        r"(?:a(?!b)|ab)*c", r"(?:[a-f]|[g-z]+,)*!", r"(.*)(?:x|y)*z", r"(?>(?:a|b)+)c",
    ],
)  # fmt: skip
def test_one_way_under_a_repeat_is_let_be(pattern: str) -> None:
    assert ambiguous_repeat(pattern, 0) is None


def degree(pattern: str, flags: int = 0) -> int:
    """To which power of the text's length the cost grows."""
    formula = cost_of(pattern, flags)
    return round(log2(at_most(formula, 1 << 22) / at_most(formula, 1 << 21)))


@pytest.mark.parametrize(
    ("pattern", "power"),
    [
        (r"^abc", 1), (r"\A.*x", 1), (r".*x", 2), (r"\A.*x.*y", 2), (r"\A.*x.*y.*z", 3), (r"\A\d+\.\d+\.\d+x", 1),
        (r"\A.{0,60}x.*y", 1), (r"\A\w+\d+x", 2), (r"\A\w++\d+x", 1), (r"\A(?>.*)x.*y", 1), (r"\A\d+(?![\w.])x", 1),
        (r"\A\w+\b.y", 1), (r"\A(?:a.*x|b.*y).*z", 2), (r"\A\s*\s*\s*x", 3), (r"\A(?:[^,]*,)*x", 1),
    ],
)  # fmt: skip
def test_powers(pattern: str, power: int) -> None:
    assert degree(pattern) == power


def test_a_text_is_counted_not_only_its_length() -> None:
    formula = cost_of(r"^HTTP/1\.1 .*Server: a.*<title>.*x", int(re.DOTALL | re.ASCII))
    usual = "HTTP/1.1 200 OK\r\nServer: abc\r\n\r\n" + "<title>y</title> words " * 2 + "." * 1800
    hostile = "HTTP/1.1 200 OK " + "server: a" * 90 + "<title>" * 150
    assert Text(usual).cost(formula) < BUDGET / 20
    assert Text(hostile).cost(formula) > BUDGET
    assert Text("SSH-2.0-x" * 200).cost(formula) < 20_000


def test_what_a_text_would_make_dear_is_not_tried() -> None:
    patterns = [(r"\A.*x.*x.*x.*y", int(re.ASCII)), (r"^Acme (\d+)", int(re.ASCII)), (r"x!\Z", int(re.ASCII))]
    matcher = Matcher(patterns, needs(patterns))
    assert list(matcher.candidates("one x two x three x!")) == [0, 2]
    assert list(matcher.candidates("x" * 2000 + "!")) == [2]
    assert [index for index, _ in matcher.matches("x" * 2000 + "!")] == [2]


@pytest.mark.parametrize(
    "pattern",
    [
        r"\A.*x.*x.*y",
        r"\((\w+) \((\d+)\)",
        r"[A-Z]+\d{2,9}-[a-z]+",
        r"(?:\w+ )+!",
        r"(?m)^(?:AB|c).{0,20}a.*\(",
    ],
)
def test_what_is_told_sooner_is_no_less(pattern: str) -> None:
    formula = cost_of(pattern, int(re.ASCII))
    for text in ("one x two", "x" * 300, "(" * 80, "", "AB12-c AB" * 9, "\n((a (1)\n" * 7):
        rough = roughly(formula)
        assert Text(text).cost(rough) >= Text(text).cost(formula)
        assert Together(rough).cost(Text(text)) == pytest.approx(Text(text).cost(rough))
        bounded = within(rough, len(text) + 9)
        assert Together(bounded).cost(Text(text)) == pytest.approx(Text(text).cost(bounded))
        assert Together(bounded).cost(Text(text)) >= Text(text).cost(rough)


def test_products_are_counted_together_as_alone() -> None:
    products = [(2.0, ()), (3.0, (LINES,)), (5.0, ("=ab",)), (7.0, ("=ab", TEXT)), (11.0, (TEXT, LINES))]
    for text in ("", "ab", "AB\nxab\n\n", "x\ny"):
        for some in (products, *([product] for product in products)):
            assert Together(some).cost(Text(text)) == pytest.approx(Text(text).cost(some))


def test_fault_5_no_text_makes_all_candidates_together_dear() -> None:
    patterns = [(rf"\A.*{letter}.*!", int(re.ASCII)) for letter in "abcdefghijklmnopqrstuvw" * 20]
    asked = needs(patterns)
    prices = [msgspec.msgpack.decode(need.priced, type=Price) for need in asked]
    text = "abcdefghijklmnopqrstuvwx" * 80
    counted = Text(text)
    tried = list(Matcher(patterns, asked).candidates(text))
    assert 0 < len(tried) < len(patterns)
    assert sum(counted.cost(prices[index].cost) for index in tried) <= BUDGET


RECOG = """<fingerprints matches="ssh.banner" protocol="ssh">
<fingerprint pattern="^Acme_(.+)*!"><description>Acme ambiguous</description>
<param pos="0" name="service.product" value="Acme"/></fingerprint>
<fingerprint pattern="^Acme_(\\d+)$"><description>Acme</description><example service.version="7">Acme_7</example>
<param pos="0" name="service.product" value="Acme"/><param pos="1" name="service.version"/></fingerprint>
</fingerprints>"""
NMAP = "Probe TCP NULL q||\nmatch acme m|^Acme (.+)*!| p/Acme/\nmatch acme m|^Acme (\\d+)| p/Acme/ v/$1/\n"


def test_fault_5_recog_rules_that_can_take_exponential_time_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "acme.xml"
    path.write_text(RECOG)
    rules = Rules(path, built_in=False)
    (line,) = rules.rejected
    assert "acme.xml: fingerprint 1 (Acme ambiguous)" in line
    assert "exponential" in line
    assert "\n" not in line
    found = rules.identify(b"SSH-2.0-Acme_7\r\n")
    assert found is not None
    assert found.version == "7"
    assert check(path).rejected == [line]
    assert not check(path).good


def test_fault_5_nmap_rules_that_can_take_exponential_time_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "probes"
    path.write_text(NMAP)
    rules = Rules(path, built_in=False)
    (line,) = rules.rejected
    assert "line 2" in line
    assert "exponential" in line
    found = rules.identify(b"Acme 7")
    assert found is not None
    assert found.version == "7"
    assert check(path).rejected == [line]


OWN = own_patterns()


@pytest.mark.parametrize("where", OWN, ids=lambda where: where[:60])
def test_own_patterns(where: str) -> None:
    """Each regular expression of the code itself, over 2 KB; those of files that users bring may cost more."""
    pattern, flags = OWN[where]
    assert ambiguous_repeat(pattern, flags) is None
    formula = cost_of(pattern, flags)
    powers = max(
        sum(not factor[0].isdigit() and factor[0] != "^" for factor in factors) for _, factors in formula
    )
    assert powers <= 2 or where.partition(":")[0] in EXCUSED, formula
    heard = where.startswith(
        ("banner.probes", "banner.recognition", "banner.dialogue", "banner.tls.certificate")
    )
    if heard and where.partition(":")[0] not in EXCUSED:
        assert at_most(formula, 2048) < 100e6
