"""A port over UDP and the same port over TCP are two targets: they never mix, wherever either is kept or told."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from banner import Grab, Service, Status, Target, Transport
from banner.cli.commands.card import card
from banner.formats import exchange
from banner.formats.registry import open_sink
from banner.inputs.selection import Selection
from banner.journal.ledger import Ledger
from banner.report.changes import changes_page, line_of
from banner.report.difference import compare
from banner.report.findings import When, findings
from banner.report.overview import scan_page
from banner.report.sides import sides
from tests.command import run

TCP = Grab(1.0, "192.0.2.7", 53, Status.SILENT, "192.0.2.7", banner=b"", connections=1)
UDP = Grab(
    *(2.0, "192.0.2.7", 53, Status.BANNER, "192.0.2.7"),
    banner=b"\x00\x01dnsmasq",
    service=Service("dns", "Thekelleys", "Dnsmasq", "2.90"),
    transport=Transport.UDP,
)
OTHER = msgspec.structs.replace(UDP, port=161, status=Status.SILENT, banner=b"", service=None)
FORMS = ("jsonl", "jsonl.gz", "csv", "sqlite", "parquet", "xml", "zgrab2")


def kept(path: Path, form: str, *grabs: Grab) -> str:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    name = str(path / f"scan.{form}")
    exchange.write(name, grabs, form=form if form == "zgrab2" else None)
    return name


@pytest.mark.parametrize("form", FORMS)
def test_every_format_tells_them_apart(form: str, tmp_path: Path) -> None:
    read = list(exchange.read(kept(tmp_path, form, TCP, UDP, OTHER)))
    assert {(grab.port, grab.transport, grab.status) for grab in read} == {
        (53, Transport.TCP, Status.SILENT),
        (53, Transport.UDP, Status.BANNER),
        (161, Transport.UDP, Status.SILENT),
    }


@pytest.mark.parametrize("form", FORMS)
def test_what_was_scanned_is_scanned_again_over_what_it_was(form: str, tmp_path: Path) -> None:
    listed = run("targets", "--list", kept(tmp_path, form, TCP, UDP)).stdout.decode().split()
    assert sorted(listed) == ["192.0.2.7:53", "192.0.2.7:53/udp"]


def test_nmaps_xml_says_the_protocol_and_what_silence_means(tmp_path: Path) -> None:
    root = ElementTree.parse(kept(tmp_path, "xml", UDP, OTHER, TCP)).getroot()
    ports = [
        (port.get("protocol"), port.get("portid"), state.get("state"), state.get("reason"))
        for port in root.iter("port")
        for state in port.iter("state")
    ]
    assert ports == [
        ("tcp", "53", "open", "syn-ack"),
        ("udp", "53", "open", "udp-response"),
        ("udp", "161", "open|filtered", "no-response"),
    ]
    assert [
        (info.get("type"), info.get("protocol"), info.get("numservices")) for info in root.iter("scaninfo")
    ] == [
        ("connect", "tcp", "1"),
        ("udp", "udp", "2"),
    ]
    done = run("targets", "--list", str(tmp_path / "scan.xml"))
    assert b"left out: 1 ports that are open|filtered" in done.stderr


def test_a_ledger_settles_the_one_that_was_done() -> None:
    ledger = Ledger()
    for transport in Transport:
        ledger.enter(Target("192.0.2.7", 53, transport=transport))
    assert ledger.settle([UDP]) == [1]
    assert len(ledger) == 1
    with pytest.raises(KeyError):
        ledger.settle([UDP])
    assert ledger.settle([TCP]) == [0]


def test_an_order_visits_each_once(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("192.0.2.0/28:53,U:53,161\n192.0.2.99:53/udp\n192.0.2.99:53\n")
    found: list[Target] = []
    for part in range(1, 4):
        selection = Selection(
            ["192.0.2.200"], [str(tmp_path / "hosts")], ports="53,U:53", shard=f"{part}/3", seed=7
        )
        found += selection.route(lambda *bad: pytest.fail(str(bad))).walk()
    assert len(found) == len(set(found)) == 16 * 3 + 2 + 2
    assert sum(target.transport is Transport.UDP for target in found) == 16 * 2 + 1 + 1


def test_targets_and_grabs_cross_to_other_processes() -> None:
    target = Target("192.0.2.7", 53, transport=Transport.UDP)
    assert pickle.loads(pickle.dumps((target, UDP))) == (target, UDP)


def test_the_difference_of_scans_compares_like_with_like() -> None:
    spoken = msgspec.structs.replace(TCP, status=Status.BANNER, banner=b"x", service=Service("dns"))
    assert compare([TCP, UDP], [UDP, TCP]) == []
    changes = compare([spoken, OTHER], [spoken, UDP, OTHER])
    assert [line_of(one, colour=False).split()[:3] for one in changes] == [
        ["+", "192.0.2.7:53/udp", "service-appeared"]
    ]
    appeared = compare([OTHER], [spoken, UDP, OTHER])  # silence over UDP is nothing that is open
    assert line_of(appeared[0], colour=False).endswith("ports 53, 53/udp")
    assert appeared[0].after == {"ports": [53], "udp_ports": [53]}
    after = [spoken, UDP, OTHER]
    page = changes_page(appeared, ["a", "b"], 0.0, sides([OTHER], after))
    assert page["columns"]["after"]["values"] == ["53 dns, 53/udp Thekelleys Dnsmasq 2.90"]
    page = changes_page(changes, ["a", "b"], 0.0, sides([spoken, OTHER], after))
    assert page["columns"]["target"]["values"] == ["192.0.2.7:53/udp"]
    assert page["numbers"]["port"] == [65536 + 53]


def test_a_report_counts_and_names_them_apart() -> None:
    page = scan_page([UDP, OTHER, TCP], ["x"], 0.0)
    assert page["columns"]["target"]["values"] == ["192.0.2.7:53", "192.0.2.7:53/udp", "192.0.2.7:161/udp"]
    assert ["Ports", "3"] in page["facts"]
    assert len(set(page["numbers"]["port"])) == 3


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("transport=tcp", 1),
        ("transport=udp", 2),
        ("transport!=udp", 1),
        ("port=53", 2),
        ("port=53/udp", 1),
        ("port=53/tcp", 1),
        ("port=U:161", 1),
        ("port=161", 1),
        ("port=80", 0),
    ],
)
def test_conditions_on_ports(condition: str, found: int, tmp_path: Path) -> None:
    name = kept(tmp_path, "jsonl", TCP, UDP, OTHER)
    done = run("show", name, "--where", condition, "--json")
    assert len(done.stdout.splitlines()) == found


def test_what_is_shown_says_udp(tmp_path: Path) -> None:
    name = kept(tmp_path, "jsonl", TCP, UDP)
    shown = run("show", name).stdout.decode()
    assert [line.split("\t")[:2] for line in shown.splitlines()[1:]] == [
        ["192.0.2.7", "53"],
        ["192.0.2.7", "53/udp"],
    ]
    assert [
        json.loads(line).get("transport") for line in run("show", name, "--json").stdout.splitlines()
    ] == [None, "udp"]


def test_a_finding_says_over_what() -> None:
    nameless = [
        msgspec.structs.replace(grab, status=Status.BANNER, banner=b"x", service=None) for grab in (TCP, UDP)
    ]
    told = [one.transport for one in findings(nameless, When(0.0)) if one.finding == "unnamed-product"]
    assert told == [Transport.TCP, Transport.UDP]


def test_a_database_that_is_continued_knows_its_targets(tmp_path: Path) -> None:
    sink = open_sink(str(tmp_path / "scan.sqlite"))
    sink.write([TCP, UDP])
    sink.close()
    assert [grab.transport for grab in exchange.read(tmp_path / "scan.sqlite")] == [
        Transport.TCP,
        Transport.UDP,
    ]


def test_a_card_does_not_speak_of_connections_where_there_were_none() -> None:
    assert card(OTHER).splitlines()[:2] == [
        "192.0.2.7:161/udp  silent",
        "  nothing came back: open or filtered, nobody can tell",
    ]
