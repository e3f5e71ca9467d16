"""All that the rules know, cut, in other frames and on other ports: nothing false is claimed of it."""

from __future__ import annotations

import re

import pytest

from banner import Rules
from banner.models import Service
from tests.recognition.corpus import HEADERS, PORTS, Told, corpus, framed

OTHER_PORTS = (None, 21, 25, 80, 3306, 6379, 9999)
FRAMES = (*PORTS, *HEADERS, "html_title", "rtsp_header.server", "sip_header.server")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(remembered=0)


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return list(corpus())


def named(found: Service | None) -> str | None:
    """The product, where a rule that was made for it has spoken."""
    return found.product if found and found.confidence >= 0.75 else None


def squeezed(name: str | None) -> str:
    return "".join(filter(str.isalnum, (name or "").lower()))


def akin(one: Service, other: Service | None) -> bool:
    """Whether both are of one maker, or one's name (product, maker or kind) is in the other's."""
    if other is None:
        return False
    if one.vendor and squeezed(one.vendor) == squeezed(other.vendor):
        return True
    names = [squeezed(name) for name in (other.product, other.vendor, other.device) if name]
    mine = [squeezed(name) for name in (one.product, one.vendor) if name]
    return any(a in b or b in a for a in mine for b in names)


def test_a_product_is_the_same_on_every_port(rules: Rules, told: list[Told]) -> None:
    wrong = []
    for one in told:
        usual = named(rules.identify(one.greeting, port=PORTS.get(one.key, 80)))
        found = {named(rules.identify(one.greeting, port=port)) for port in OTHER_PORTS}
        if found - {None, usual}:
            wrong.append(f"{one.greeting!r}: {usual}, elsewhere {found}")
    assert len(told) > 5000
    assert not wrong, "\n".join(wrong)


def test_what_was_cut_names_nobody_else(rules: Rules, told: list[Told]) -> None:
    """Some names begin with another's: ``Server: Tor`` may have been ``TornadoServer``. They are few."""
    wrong = []
    tried = 0
    for number, one in enumerate(told):
        port = PORTS.get(one.key, 80)
        whole = rules.identify(one.greeting, port=port)
        for end in range(one.start + 1 + number % 5, len(one.greeting), 5):
            found = rules.identify(one.greeting[:end], port=port)
            tried += 1
            if (
                found
                and named(found)
                and named(found) != (whole and whole.product)
                and not akin(found, whole)
            ):
                wrong.append(f"{one.greeting[:end]!r}: {found.product}, not {whole and whole.product}")
                break
    assert len(wrong) <= tried / 700, "\n".join(wrong)


@pytest.mark.parametrize("text", ["FUJI XEROX DocuPrint C3", "Canon iR2"])
def test_half_a_name_is_no_name(text: str, rules: Rules) -> None:
    whole, cut = (rules.identify(f"220 {text}{end}".encode(), port=21) for end in ("055 FTP\r\n", ""))
    assert whole is not None
    assert cut is not None
    assert whole.product
    assert cut.product is None


def test_what_is_said_in_another_field_names_nobody_else(rules: Rules, told: list[Told]) -> None:
    """The same words as another protocol's greeting, or in another field: the same maker, the same name, or none."""
    wrong = []
    tried = 0
    for one in told:
        if one.key not in FRAMES:
            continue
        usual = rules.identify(one.greeting, port=PORTS.get(one.key, 80))
        for key in FRAMES:
            if key == one.key or (frame := framed(key, one.text)) is None:
                continue
            tried += 1
            found = rules.identify(frame.encode(), port=PORTS.get(key, 80))
            if found and named(found) and not akin(found, usual):
                wrong.append(f"{frame!r}: {found.product}, not {usual and usual.product}")
    assert len(wrong) <= tried / 1000, "\n".join(wrong)


def test_a_name_inside_another_word_is_no_name(rules: Rules, told: list[Told]) -> None:
    """``masqmail`` is not qmail. Where letters stand before a name, the rest of the greeting may still tell it."""
    wrong = []
    tried = 0
    for one in told:
        port = PORTS.get(one.key)
        name = named(rules.identify(one.greeting, port=port)) if port in (21, 22, 25, 110, 119, 143) else None
        first = re.search(re.escape(name.split()[0]), one.text, re.IGNORECASE) if name else None
        if (
            first is None
            or (inside := framed(one.key, f"{one.text[: first.start()]}zaf{one.text[first.start() :]}"))
            is None
        ):
            continue
        tried += 1
        if named(rules.identify(inside.encode(), port=port)) == name:
            wrong.append(f"{inside!r}: {name}")
    assert tried > 800
    assert len(wrong) <= tried / 25, "\n".join(wrong)


@pytest.mark.parametrize("words", ["ESMTP masqmail 0.3.5", "ESMTP myEximus ready", "ESMTP prepostfix"])
def test_mail_servers_of_similar_names_are_not_those(words: str, rules: Rules) -> None:
    assert named(rules.identify(f"220 mx.example {words}\r\n".encode(), port=25)) is None


LONGER = {
    "behind": lambda name: f"{name}ish",
    "before": lambda name: f"zaf{name}",
    "in a token": lambda name: f"{name}-like",
}
OF_TOKENS = ("http_header.server", "smtp.banner", "pop3.banner", "imap4.banner", "ftp.banner")
"""Fields whose names are whole tokens (RFC 9110, section 10.2.4: ``nginx-proxy/1.0`` is no nginx)."""


@pytest.mark.parametrize("where", LONGER)
def test_a_longer_word_is_another_name(where: str, rules: Rules, told: list[Told]) -> None:
    """``Jellyfinish`` is not Jellyfin. What is left has two names, of which the longer word holds one."""
    wrong = []
    tried = 0
    for one in told[::3]:
        if where == "in a token" and one.key not in OF_TOKENS:
            continue
        port = PORTS.get(one.key, 80)
        usual = rules.identify(one.greeting, port=port)
        if usual is None or usual.confidence < 0.75 or (word := its_word(usual, one.text)) is None:
            continue
        text = re.sub(re.escape(word), lambda found: LONGER[where](found[0]), one.text, flags=re.IGNORECASE)
        if (other := framed(one.key, text)) is None:
            continue
        tried += 1
        found = rules.identify(other.encode("utf-8", "replace"), port=port)
        if (
            found
            and found.confidence >= 0.75
            and (found.product, found.vendor) == (usual.product, usual.vendor)
        ):
            wrong.append(f"{text!r}: {found.vendor} {found.product}")
    assert tried > 500
    assert len(wrong) <= tried / 8, "\n".join(wrong)


def its_word(service: Service, text: str) -> str | None:
    """How `text` says the product's or the maker's name."""
    names = [name for name in (service.product, service.vendor) if name]
    for name in [part for whole in names for part in (whole, whole.split()[0])]:
        if found := re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text, re.IGNORECASE):
            return found[0]
    return None
