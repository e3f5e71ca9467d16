"""nmap's format: probes, matches, templates, soft matches; lines that are refused by themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from banner import Rules, Service
from banner.recognition.check import check
from banner.recognition.collections.nmap import filled, parse, unescaped

QWX = (
    r"match qwx m|^QWX ([\d.]+) on (\w+)\r\n| p/Qwx Server/ v/$1/ i/build $SUBST(2,"
    r'"_",".")/ o/Linux/ d/router/ h/$2/ cpe:/a:acme:qwx:$1/ cpe:/o:linux:linux_kernel/a'
)
FILE = r"""
# a comment
Exclude T:9100-9107,U:1
Probe TCP NULL q||
totalwaitms 6000
softmatch ftp m|^220 [-\w]+ .*ftp|i
QWX
match ftp m=^220 x ftp/Late=i p=Late=
match num m|^\0N(..)(.)|s p/Num/ v/$I(1,">").$I(1,"<")/ i/$P(2)/
Probe TCP Ping q|\x01\r\n\0\\|
rarity 8
ports 53,1000-1002
sslports 853
fallback NULL,Other
match ssl/late m|^LATE| p/Late/
match http m|^HTTP/1\.1 200.*Server: Nmapped|s p/Nmapped/ v/9/
Probe TCP Bad q|x|
match a m|(| p/x/
match b m|b|z p/x/
match c m|c| q/x/
match d m|d| p/$3/
match e m|e p/x/
wibble 3
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "probes"
    path.write_text(FILE.lstrip("\n").replace("QWX\n", QWX + "\n", 1), encoding="latin-1")
    return path


def ask(path: Path, data: bytes, **known: object) -> Service | None:
    return Rules(path, built_in=False).identify(data, **known)  # type: ignore[arg-type]


def test_probes_and_directives_are_read(path: Path) -> None:
    read = parse(path.read_bytes(), path)
    null, ping, _ = read.probes
    assert (null.name, null.payload, null.matches) == ("NULL", b"", 4)
    assert (ping.protocol, ping.payload) == ("TCP", b"\x01\r\n\0\\")
    assert (ping.rarity, ping.ports, ping.sslports) == (8, [(53, 53), (1000, 1002)], [(853, 853)])
    assert ping.fallback == ["NULL", "Other"]
    assert read.excluded == ["T:9100-9107,U:1"]


def test_lines_that_cannot_be_honoured_are_named(path: Path) -> None:
    report = check(path)
    assert report.rules == 6
    assert len(report.rejected) == 6
    for number, text in enumerate(report.rejected, 17):
        assert f"line {number}:" in text
    assert "host name" in report.text()


def test_a_match_says_all_that_it_knows(path: Path) -> None:
    assert ask(path, b"QWX 1.2 on a_b\r\n") == Service(
        "qwx", product="Qwx Server", version="1.2", info="build a.b", os="Linux", device="router", confidence=0.85,
        cpe=("cpe:2.3:a:acme:qwx:1.2:*:*:*:*:*:*:*", "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"),
        rule="nmap/qwx:6",
    )  # fmt: skip


def test_numbers_and_printable_parts(path: Path) -> None:
    found = ask(path, b"\0N\x01\x02\x07")
    assert found is not None
    assert (found.version, found.info) == ("258.513", None)


def test_a_soft_match_waits_for_a_hard_one_of_its_service(path: Path) -> None:
    soft, hard = ask(path, b"220 x ftp\r\n"), ask(path, b"220 x ftp/late\r\n")
    assert soft is not None
    assert hard is not None
    assert (soft.name, soft.product, soft.confidence) == ("ftp", None, 0.6)
    assert (hard.name, hard.product) == ("ftp", "Late")


def test_rules_of_other_services_are_silent_where_structure_is_sure(path: Path) -> None:
    path.write_text("Probe TCP NULL q||\nmatch any m|^.{9}| p/Any/\nmatch x m|^HTTP/1.*Zed| p/Zed/\n")
    sure, unsure, carried = (
        ask(path, data) for data in (b"SSH-2.0-abcdef", b"abcdefghijkl", b"HTTP/1.1 Zed")
    )
    assert sure is not None
    assert unsure is not None
    assert carried is not None
    assert (sure.name, sure.product) == ("ssh", None)
    assert (unsure.name, unsure.product) == ("any", "Any")
    assert (carried.name, carried.product) == ("http", "Zed")


def test_names_lose_what_is_no_protocol(path: Path) -> None:
    found = ask(path, b"LATE")
    assert found is not None
    assert found.name == "late"


def test_beside_ours_the_more_specific_wins(path: Path) -> None:
    rules = Rules(path)
    theirs = rules.identify(b"HTTP/1.1 200 OK\r\nServer: Nmapped\r\n\r\n")
    ours = rules.identify(b"SSH-2.0-OpenSSH_9.6\r\n")
    assert theirs is not None
    assert ours is not None
    assert theirs.rule == "nmap/http:15"
    assert (ours.rule or "").startswith("ssh/")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("$1-$2", "a\x01b-c_d_e"), ("$P(1)", "ab"), ('$SUBST(2,"_",".")', "c.d.e"), ('$I(3,">")', "1"), ("$4.", "."),
        ('$I(4,"<")', ""), ("no $ sign", "no $ sign"),
    ],
)  # fmt: skip
def test_templates(template: str, expected: str) -> None:
    match = re.match("(a\x01b) (\\S+) (.)(x)?", "a\x01b c_d_e \x01")
    assert match is not None
    assert filled(template, match.groups()) == expected


def test_payload_escapes() -> None:
    assert unescaped(r"\x00\0\r\n\t\\a\a") == b"\0\0\r\n\t\\a\x07"


def test_a_file_without_probes_is_no_collection(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"hello\n" * 9)
    with pytest.raises(ValueError, match="no Probe"):
        Rules(tmp_path / "x")
