"""What the page says of a scan, and how its data is packed."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Timings, Tls
from banner.report.certificates import state
from banner.report.columns import coded
from banner.report.outdated import outdated
from banner.report.overview import network, scan_page
from banner.report.packing import BLOCK
from banner.report.spans import duration

from .sample import DAY, NOON, scan


def grab(host: str = "192.0.2.1", port: int = 22, **fields: Any) -> Grab:
    return Grab(time=NOON, host=host, port=port, **{"status": Status.BANNER, **fields})


def read(page: dict[str, Any], name: str) -> list[str | None]:
    """A column as the page reads it."""
    values, codes = page["columns"][name]["values"], page["columns"][name]["codes"]
    return [None if code < 0 else values[code] for code in codes]


def test_rows_are_sorted_by_address_then_port() -> None:
    hosts = [("b.example", 80), ("10.0.0.10", 22), ("2001:db8::1", 22), ("10.0.0.9", 443), ("10.0.0.9", 22)]
    page = scan_page([grab(host, port) for host, port in hosts], ["scan"], NOON)
    assert read(page, "target") == [
        "10.0.0.9:22",
        "10.0.0.9:443",
        "10.0.0.10:22",
        "[2001:db8::1]:22",
        "b.example:80",
    ]


def test_codes_sort_as_their_texts_do() -> None:
    column = coded(["ssh", None, "FTP", "imap", "ssh", ""])
    assert column == {"values": ["FTP", "imap", "ssh"], "codes": [2, -1, 0, 1, 2, -1]}


def test_each_record_comes_back_exactly_from_its_block() -> None:
    grabs = sorted(scan(300), key=lambda one: ([int(part) for part in one.host.split(".")], one.port))
    page = scan_page(grabs, ["scan"], NOON)
    records = [json.loads(zlib.decompress(base64.b64decode(block))) for block in page["blocks"]]
    assert [len(block) for block in records] == [BLOCK, BLOCK, 300 - 2 * BLOCK]
    assert [one for block in records for one in block] == [json.loads(encode(one)) for one in grabs]


def test_ten_thousand_results_with_distinct_greetings_of_a_kilobyte_fit_in_five_megabytes() -> None:
    def long(number: int) -> bytes:
        return b"\r\n".join(
            b"X-Field-%d: value %d of host %d" % (at, at * number, number) for at in range(28)
        )

    grabs = [grab(f"10.0.{number >> 8}.{number & 255}", banner=long(number)) for number in range(10_000)]
    assert min(len(one.banner) for one in grabs[1000:]) > 800
    assert len(json.dumps(scan_page(grabs, ["scan"], NOON))) < 5_000_000


@pytest.mark.parametrize(
    ("one", "version"),
    [
        (grab(tls=Tls(version="TLSv1.1")), "TLSv1.1"),
        (grab(tls=Tls(version="SSLv3")), "SSLv3"),
        (grab(tls=Tls(version="TLSv1.2")), None),
        (grab(banner=b"SSH-1.99-Cisco-1.25\r\n"), "SSH 1.99"),
        (grab(banner=b"SSH-1.5-old\n"), "SSH 1.5"),
        (grab(banner=b"SSH-2.0-OpenSSH_9.2\r\n"), None),
        (grab(service=Service("ssh"), details={"protocol_version": "1.5"}), "SSH 1.5"),
        (grab(service=Service("ssh"), details={"protocol_version": ["1.5"]}), None),
        (grab(banner=b"1.99 is a price"), None),
        (grab(), None),
    ],
)
def test_outdated_protocols(one: Grab, version: str | None) -> None:
    assert outdated(one) == version


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        (None, "2026-11-22T11:59:59Z", "expired"),
        (None, "2026-12-22T12:00:00Z", "expires within 30 days"),
        (None, "2026-12-22T12:00:01Z", "valid"),
        ("2026-11-23T00:00:00Z", "2027-12-22T12:00:01Z", "not yet valid"),
        ("rubbish", "2027-12-22T12:00:01Z", "valid"),
        (None, "rubbish", "no readable dates"),
        (None, None, "no readable dates"),
    ],
)
def test_certificates_stand_to_their_dates(begin: str | None, end: str | None, said: str) -> None:
    assert state(Certificate("00", not_before=begin, not_after=end), NOON) == said


def test_the_certificates_that_need_work_come_worst_first_and_once() -> None:
    def with_end(name: str, days: int) -> Tls:
        end = f"2026-{11 + (22 + days) // 31:02d}-{(22 + days) % 31:02d}T12:00:00Z"
        return Tls(certificate=Certificate(name, names=(name,), not_after=end))

    ends = {"soon": 5, "gone": -3, "fine": 40}
    grabs = [grab(f"10.0.0.{at}", tls=with_end(name, days)) for at, (name, days) in enumerate(ends.items())]
    page = scan_page([*grabs, *grabs], ["scan"], NOON)
    assert [(one["subject"], one["days"]) for one in page["certificates"]] == [("gone", -3), ("soon", 5)]
    code = page["certificates"][0]["code"]
    assert page["columns"]["certificate"]["codes"].count(code) == 2


def test_networks() -> None:
    assert network(grab("192.0.2.7")) == "192.0.2.0/24"
    assert network(grab("mail.example", ip="2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
    assert network(grab("fe80::1%eth0")) == "fe80::/64"
    assert network(grab("::1")) == "::/64"
    assert network(grab("mail.example")) is None


def test_only_phases_that_were_observed_are_told_in_milliseconds() -> None:
    page = scan_page([grab(timings=Timings(connect=0.0123, total=2.0)), grab(port=23)], ["scan"], NOON)
    assert page["numbers"] == {
        "port": [22, 23],
        "connect": [12.3, None],
        "total": [2000, None],
        "last_octet": [1, 1],
    }


def test_an_empty_scan_is_a_page_as_well() -> None:
    page = scan_page([], ["empty.jsonl"], NOON, damaged=3)
    assert page["rows"] == 0
    assert page["notes"] == ["3 damaged lines were left out."]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "0.2 s"), (61, "1 min 1 s"), (3 * 3600 + 120, "3 h 2 min"), (2 * DAY, "2 d 0 h")],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_what_was_said_is_counted_by_targets() -> None:
    rows = [grab(port=port, said=("tls", "http", "http")) for port in (1, 2)] + [grab(port=3)]
    facts = dict(scan_page(rows, ["scan"], NOON)["facts"])
    assert sorted(facts["Said"].split(", ")[:2]) == ["http 2", "tls 2"]
    assert facts["Said"].endswith("nothing to 1")
