"""Texts that all but name a product: a wrong product is worse than none."""

from __future__ import annotations

import re

import pytest

from banner import Rules
from banner.models import Service
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read

TITLES = [
    "Saving energy at home", "Savings Bank of Example", "Smalltalk for beginners", "Small business", "Canonical links",
    "Sharpening knives", "Sharp objects", "Mantissa and exponent", "Mantises of Europe", "Mantis shrimp facts",
    "Endianness explained",
    "Endian conversion", "Fast", "Fast food near you", "Poly", "Polynomials", "My Bookkeeping page", "Comet sightings",
    "Hughes family news", "Planet Example", "Planet Earth", "Aver and Sons", "Averages", "Unify your teams",
    "UPS tracking", "Ups and downs", "Sentry duty", "TD Bank", "Archer school", "Concourse hotel", "Vega and Altair",
    "Traction", "Axisymmetric flow", "Archery club", "Semaphores in C", "Meru national park", "Mojo juice bar",
    "Zebras of Africa", "Brothers in arms", "Kronosphere", "Jenkinson family",
]  # fmt: skip
SERVERS = [
    "Symbolic/1", "Proximity", "Unified thing", "Endianness", "Rpms", "Checksums", "Acosh", "Efficient", "Appserver",
    "Tallying", "dlib", "Pwsh",
]  # fmt: skip
AGENTS = ["Necessary", "Occasions", "Unified", "Compact", "Xtend", "Compactor phone"]
REALMS = ["existed", "Upsilon area", "Administrator Area", "Xeroxed", "exist in peace"]
FTP = ["Darwin archive and mirror", "Axis archive and mirror", "Welcome to the Squid archive"]

HOSTS = {
    "smtp.banner": [
        "mx.{}.example ESMTP",
        "{}.example ESMTP ready",
        "mx1.{}.co.example ESMTP Mon, 6 Jan 2025 10:00:00",
    ],
    "ftp.banner": ["{}.example FTP server ready", "ftp.{}.example ready"],
    "pop3.banner": ["{}.example POP3 ready", "mx.{}.example ready <1.2@mx.{}.example>"],
    "imap4.banner": ["{}.example IMAP4 ready", "[CAPABILITY IMAP4rev1] mx.{}.example ready"],
    "nntp.banner": ["{}.example NNTP ready", "news.{}.example ready"],
}
"""Machines are called after products, makers and customers: that tells nothing about their software."""
FRAMES = {
    "smtp.banner": "220 {}\r\n", "ftp.banner": "220 {}\r\n", "pop3.banner": "+OK {}\r\n", "imap4.banner": "* OK {}\r\n",
    "nntp.banner": "200 {}\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(remembered=0)


def named(found: Service | None) -> bool:
    """Whether a rule made for a product, a maker or a device has spoken."""
    told = found and (found.product or found.vendor or found.device or found.os)
    return bool(told and found and found.confidence >= 0.75)


@pytest.mark.parametrize("title", TITLES)
def test_ordinary_pages_name_no_product(title: str, rules: Rules) -> None:
    page = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><title>{title}</title></head></html>"
    )
    found = rules.identify(page.encode(), port=80)
    assert found is not None
    assert found.name == "http"
    assert not named(found), found


@pytest.mark.parametrize("text", SERVERS)
def test_servers_of_similar_names_are_not_those(text: str, rules: Rules) -> None:
    assert not named(rules.identify(f"HTTP/1.1 200 OK\r\nServer: {text}\r\n\r\n".encode()))


@pytest.mark.parametrize("text", AGENTS)
def test_agents_of_similar_names_are_not_those(text: str, rules: Rules) -> None:
    for header in ("User-Agent", "Server"):
        assert not named(rules.identify(f"SIP/2.0 200 OK\r\n{header}: {text}\r\n\r\n".encode()))


@pytest.mark.parametrize("text", REALMS)
def test_realms_of_similar_names_are_not_those(text: str, rules: Rules) -> None:
    answer = f'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="{text}"\r\n\r\n'
    assert not named(rules.identify(answer.encode()))


@pytest.mark.parametrize("text", FTP)
def test_archives_are_not_what_they_hold(text: str, rules: Rules) -> None:
    assert not named(rules.identify(f"220 {text}\r\n".encode(), port=21))


@pytest.fixture(scope="module")
def words() -> dict[str, set[str]]:
    """By key: every word of every example and pattern, as it is and in lower case."""
    found: dict[str, set[str]] = {key: set() for key in HOSTS}
    for path in BUILT_IN.glob("*.xml"):
        collection = read(path)
        if collection.matches in found:
            texts = [example.text for told in collection.examples for example in told]
            texts += [rule.pattern for rule in collection.rules]
            own = {word for text in texts for word in re.findall(r"[A-Za-z][A-Za-z0-9]{2,}", text)}
            found[collection.matches] |= own | {word.lower() for word in own}
    return found


@pytest.mark.parametrize("key", HOSTS)
def test_a_machines_name_tells_nothing_about_its_software(
    key: str, rules: Rules, words: dict[str, set[str]]
) -> None:
    assert len(words[key]) > 100
    wrong = []
    for word in sorted(words[key]):
        for text in HOSTS[key]:
            greeting = FRAMES[key].replace("{}", text.replace("{}", word))
            if named(found := rules.identify(greeting.encode())):
                wrong.append(f"{greeting!r}: {found}")
    assert not wrong, "\n".join(wrong)


SENTENCES = ("{} for beginners", "{} stories and recipes", "{} joy")
UNUSUAL = {"mongod", "Login", "Welcome", "Sign", "Log", "iDRAC7", "OpenWrt"}
"""First words of titles that are nobody's name, or that nobody but the product says."""


def test_a_name_at_the_beginning_of_a_sentence_is_no_product(rules: Rules) -> None:
    collection = read(BUILT_IN / "http_title.xml")
    wrong = []
    tried = 0
    for rule, told in zip(collection.rules, collection.examples, strict=True):
        word = re.match(r"[\w.-]*", told[0].text)
        if "service.product" not in rule.constants or word is None or len(word[0]) < 3 or word[0] in UNUSUAL:
            continue
        for sentence in SENTENCES:
            tried += 1
            page = f"HTTP/1.1 200 OK\r\n\r\n<title>{sentence.format(word[0])}</title>"
            if named(found := rules.identify(page.encode())) and found and found.product:
                wrong.append(f"{sentence.format(word[0])}: {found.product}")
    assert tried > 500
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("server", ["Mongrel2/1.12.0", "Tornado2/1.0", "Boa2", "Caddy2", "nginx2/1.1"])
def test_a_name_and_a_digit_is_another_name(server: str, rules: Rules) -> None:
    found = rules.identify(f"HTTP/1.1 200 OK\r\nServer: {server}\r\n\r\n".encode(), port=80)
    assert found
    assert found.product in (None, server.partition("/")[0])
