"""Text for a person: whatever a peer says, nothing that a terminal obeys is shown."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import Grab, Service, Status
from banner.cli.commands.show import cell
from banner.formats.record import decode, encode
from banner.formats.terminal import (
    first_line,
    greeting,
    line_of,
    safe,
    safe_bytes,
    safe_json,
    what,
    where,
)
from banner.models import Certificate, Tls
from banner.text.width import clip


def harmless(text: str) -> bool:
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn") for c in text)


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) != 0 for c in text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain ASCII", "plain ASCII"),
        ("Grüße 你好", "Grüße 你好"),
        ("\x1b[2J", r"\e[2J"),
        ("a\0b\r\n\t", r"a\0b\r\n\t"),
        ("\x07\x7f", r"\x07\x7f"),
        ("\x9b2J", r"\x9b2J"),  # C1's CSI
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("\u2028\ufeff\u200b", r"\u2028\ufeff\u200b"),
        (
            "a\u3164b\u115f\u2800\ufe0f\uffa0\u034f",
            r"a\u3164b\u115f\u2800\ufe0f\uffa0\u034f",
        ),  # seen by nobody
        ("\U000e0101", r"\U000e0101"),
        ("Tie\u0302\u0301ng", "Tie\u0302\u0301ng"),  # Vietnamese, decomposed
        ("a" + "\u0301" * 4, "a\u0301\u0301" + r"\u0301\u0301"),
        ("\u0301a", r"\u0301a"),  # on a letter that is ours
        ("\U000e0041", r"\U000e0041"),  # a tag character, shown as nothing
    ],
)
def test_what_a_terminal_could_obey_is_escaped(raw: str, shown: str) -> None:
    assert safe(raw) == shown
    assert safe_bytes(raw.encode()) == shown


def test_bytes_that_are_no_text_are_numbers() -> None:
    assert safe_bytes(b"\xff\xfe ok \x80") == r"\xff\xfe ok \x80"


@given(st.binary(max_size=200))
def test_no_bytes_reach_a_terminal_raw(data: bytes) -> None:
    assert harmless(safe_bytes(data))
    assert harmless(first_line(data))


@given(st.binary(max_size=200))
def test_a_record_on_a_terminal_is_harmless_and_exact(data: bytes) -> None:
    grab = Grab(1.0, "h", 1, Status.BANNER, banner=data)
    line = safe_json(encode(grab))
    assert decode(line) == grab
    assert line.endswith(b"\n")
    assert harmless(line[:-1].decode())


@given(st.text(max_size=60))
def test_escaped_json_has_the_same_values(text: str) -> None:
    line = json.dumps({"x": text}, ensure_ascii=False).encode(errors="backslashreplace")
    assert json.loads(safe_json(line)) == json.loads(line)


@pytest.mark.parametrize(
    ("greeting", "line"),
    [
        (b"SSH-2.0-x\r\nmore", "SSH-2.0-x"),
        (b"\r\n\r\n220 after blanks\r\n", "220 after blanks"),
        (b"\xff\xfd\x18\xff\xfd\x20\r\nDebian\r\nlogin: ", "Debian"),
        ("SSH-2.0-日本語\r\n".encode(), "SSH-2.0-日本語"),
        ("220 FTP in München\r\n".encode(), "220 FTP in München"),
        ("220 FTP in München\r\n".encode("latin-1"), r"220 FTP in M\xfcnchen"),
        ("приветствие\r\n".encode(), "приветствие"),
        (b"SSH-2.0-dropbear_2022.83\r\n\0\0\1\xd4\x0a\x14curve25519-sha256,ecdh", "SSH-2.0-dropbear_2022.83"),
        (b"AMQP\0\0\x09\1", "AMQP"),
        (b"N\n\0\0\0name of it\0", "name of it"),
        ("é".encode() * 1500, "é" * 1024),
        (b"x" + "é".encode() * 1500, "x" + "é" * 1023),
        (b"J\0\0\0\n8.0.36-log\0\x08\0\0\0abcd", "8.0.36-log"),
        (b"\xff\xfd\x18", ""),
        (b"\0\x01\x02", r"\0\x01\x02"),
        (b"", ""),
    ],
)
def test_the_line_that_tells_most_is_shown(greeting: bytes, line: str) -> None:
    assert first_line(greeting) == line


@pytest.mark.parametrize(
    ("banner", "details", "line"),
    [
        (b"220 hi\r\n", {"features": ["SIZE"]}, "220 hi"),
        (
            b"\3\0\0\x13",
            {"flags": ["a", "b"], "n": 3, "protocol": "CredSSP\x1b"},
            r"protocol CredSSP\e, n 3, flags a b",
        ),
        (b"\3\0\0\1", {"open": False, "deep": {"x": 1}}, "open no"),
        (b"\3\0some text", {}, "some text"),
    ],
)
def test_of_binary_what_the_dialogue_learned_is_shown(
    banner: bytes, details: dict[str, Any], line: str
) -> None:
    grab = Grab(1.0, "h", 1, Status.BANNER, banner=banner, details=details)
    assert greeting(grab) == line
    assert line_of(grab, 200, colour=False).endswith(line)
    assert cell(grab, "banner") == line
    assert greeting(Grab(1.0, "h", 1, Status.REFUSED, error="no\x1b")) == r"no\e"


def test_places_and_services_are_written_as_usual() -> None:
    assert where("2001:db8::1", 22) == "[2001:db8::1]:22"
    assert where("a\x1bb", 22) == r"a\eb:22"
    assert what(Service("ssh", vendor="OpenBSD", product="OpenSSH", version="9.2")) == "ssh OpenSSH 9.2"
    assert what(Service("ssh", vendor="V\x1b")) == r"ssh V\e"
    assert what(None) == ""


@given(st.text(max_size=120), st.integers(2, 130))
def test_a_line_is_never_wider_than_asked(text: str, width: int) -> None:
    shown = clip(safe(text), width)
    assert columns(shown) <= width
    assert columns(safe(text)) > width or shown == safe(text)


@pytest.mark.parametrize("width", [10, 40, 80])
@pytest.mark.parametrize("status", Status)
def test_colour_adds_nothing_but_colour(status: Status, width: int) -> None:
    grab = Grab(1.0, "mail.example", 25, status, banner=b"220 hi", error="why")
    plain = line_of(grab, width, colour=False)
    coloured = line_of(grab, width, colour=True)
    assert len(plain) <= width
    for code in ("\x1b[0m", *(f"\x1b[{number}m" for number in (2, 31, 32, 33, 35, 36))):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_a_service_that_is_too_long_leaves_room_for_nothing_else() -> None:
    grab = Grab(1.0, "h" * 99, 25, Status.BANNER, banner=b"220 hi", service=Service("s" * 99))
    assert len(line_of(grab, 80, colour=False)) == 80


SHOWN = Certificate("ab", names=("www.example",))
NGINX, POSTFIX = Service("http", product="nginx"), Service("smtp", product="Postfix")


@pytest.mark.parametrize(
    ("grab", "words"),
    [
        (Grab(0, "h", 443, Status.BANNER, service=NGINX, tls=Tls("TLSv1.3")), "tls/http nginx"),
        (Grab(0, "h", 25, Status.BANNER, service=POSTFIX, tls=Tls(starttls="smtp")), "smtp+tls Postfix"),
        (Grab(0, "h", 443, Status.SILENT, tls=Tls(certificate=SHOWN)), "tls www.example"),
        (Grab(0, "h", 22, Status.BANNER, service=Service("ssh")), "ssh"),
    ],
)
def test_a_line_says_where_tls_is_spoken(grab: Grab, words: str) -> None:
    line = line_of(grab, 100, colour=False)
    assert " ".join(line.split()[2:]) == words


@pytest.mark.parametrize("status", Status)
def test_every_status_of_a_line_has_its_colour(status: Status) -> None:
    assert f"m{status}\x1b[0m" in line_of(Grab(0, "192.0.2.1", 22, status), 80, colour=True)
