"""What nmap, masscan, naabu, zmap and zgrab2 write, as targets. The files in ``neighbours`` are real outputs of
nmap 7.93, masscan 1.3.2 and zmap 2.1.1 that looked at a host of a network namespace (and at loopback)."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banner.formats.record import encode
from banner.formats.registry import open_sink
from banner.inputs.files import Progress, Source, read_later, read_now
from banner.inputs.neighbours import foreign, read, recognise
from banner.inputs.route import listed
from banner.inputs.spec import BadLine, Spec
from banner.models import Grab, Service, Status, Target

REAL = Path(__file__).parent / "outputs_of_tools"
OPEN = {"198.51.100.2:22", "198.51.100.2:25", "198.51.100.2:8080"}


def targets(data: bytes, ports: tuple[int, ...] = (), size: int = 65536) -> list[str]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return [str(item) for item in read(pieces, ports)]


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("nmap.xml", "xml", OPEN),
        ("nmap.gnmap", "grepable", OPEN),
        ("nmap-sv.xml", "xml", {"localhost@127.0.0.1:22 localhost", "localhost@127.0.0.1:25 localhost"}),
        ("nmap-sv.gnmap", "grepable", {"127.0.0.1:22 localhost", "127.0.0.1:25 localhost"}),
        ("masscan.json", "json", OPEN),
        ("masscan.ndjson", "json", OPEN),
        ("masscan-banners.ndjson", "json", OPEN - {"198.51.100.2:8080"}),
        ("masscan.list", "list", OPEN),
        ("masscan.gnmap", "grepable", OPEN),
        ("masscan.xml", "xml", OPEN),
        ("zmap.csv", "header", {"198.51.100.2:22"}),
        ("zmap-all.csv", "header", {"198.51.100.2:25"}),
        ("zmap-plain.csv", None, {"198.51.100.2:22"}),
        ("zmap.json", "json", {"198.51.100.2:22"}),
    ],
)
def test_real_outputs(name: str, kind: str | None, expected: set[str]) -> None:
    data = (REAL / name).read_bytes()
    if name == "zmap-all.csv":
        expected = {"198.51.100.2:25"}  # zmap's sport is the port that answered
    assert recognise(data[:4096]) == kind
    for size in (1, 7, 65536):
        found = targets(data, (22,), size)
        assert set(found) == expected
        assert len(found) == len(expected)
    assert set(targets(gzip.compress(data), (22,))) == expected


@pytest.mark.parametrize("name", ["nmap-udp.xml", "nmap-udp.gnmap", "nmap-udp.nmap"])
@pytest.mark.parametrize("size", [1, 7, 65536])
def test_what_nmap_found_over_both(name: str, size: int) -> None:
    found = targets((REAL / name).read_bytes(), (), size)
    untold = "left out: 1 ports that are open|filtered: nothing answered there"
    assert found == ["127.0.0.1:20161", "127.0.0.1:20161/udp", untold]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"host":"a.example","ip":"192.0.2.1","port":22,"protocol":"tcp","tls":false}',
            ["a.example@192.0.2.1:22"],
        ),
        ('{"ip":"192.0.2.1","port":{"Port":22,"Protocol":0,"TLS":false}}', ["192.0.2.1:22"]),
        ('{"ip":"192.0.2.1","port":53,"protocol":"udp"}', ["192.0.2.1:53/udp"]),
        (
            "saddr,sport,classification,success,repeat\n192.0.2.1,161,udp,1,0\n192.0.2.1,161,udp,1,1\n",
            ["192.0.2.1:161/udp"],
        ),
        ("open udp 53 192.0.2.1 1700000000\n", ["192.0.2.1:53/udp"]),
        (", a.example, web, U:53\n", ["a.example:53/udp web"]),
        ("192.0.2.1:22\na.example:80\n", ["192.0.2.1:22", "a.example:80"]),
        (
            "host,ip,port,protocol\na.example,192.0.2.1,22,tcp\n,192.0.2.2,53,udp",
            ["a.example@192.0.2.1:22", "192.0.2.2:53/udp"],
        ),
        (
            "saddr,sport,success,repeat\n192.0.2.1,22,1,0\n192.0.2.1,22,1,1\n192.0.2.2,22,0,0\n",
            ["192.0.2.1:22"],
        ),
        (
            ", a.example, web\n192.0.2.0/31,,dc,22\n192.0.2.9",
            ["a.example:99 web", "192.0.2.0-192.0.2.1:22 dc", "192.0.2.9:99"],
        ),
        ("192.0.2.1,a.example,x,443", ["a.example@192.0.2.1:443 x"]),
        (
            '{"ip":"192.0.2.1","domain":"a.example","data":{"ssh":{"status":"success","port":22},"http":{"port":80}}}',
            ["a.example@192.0.2.1:22,80"],
        ),
        ('{"ip":"192.0.2.1","data":{"ssh":{"status":"success","protocol":"ssh"}}}', ["192.0.2.1:99"]),
        (
            '[{"ip":"192.0.2.1","ports":[{"port":1,"proto":"tcp","status":"open"}]},\n{finished: 1}\n]',
            ["192.0.2.1:1"],
        ),
        ("[2001:db8::1]:22\n", ["[2001:db8::1]:22"]),
        ("192.0.2.1,22,80 tag\n", ["192.0.2.1:22,80 tag"]),
    ],
)
def test_other_shapes(text: str, expected: list[str]) -> None:
    assert targets(text.encode(), (99,)) == expected


def test_a_typing_error_in_a_plain_list_visits_nobody() -> None:
    (bad,) = read([b"192.0.2.1,22x\n"])
    assert isinstance(bad, BadLine)


@pytest.mark.parametrize("form", ["jsonl", "csv", "xml", "jsonl.gz"])
def test_a_former_scan(form: str, tmp_path: Path) -> None:
    grabs = [
        Grab(
            1.0, "mail.example", 25, Status.BANNER, "192.0.2.1", "dmz", banner=b"x\n", service=Service("smtp")
        ),
        Grab(1.0, "2001:db8::1", 22, Status.SILENT, "2001:db8::1"),
    ]
    sink = open_sink(str(tmp_path / f"a.{form}"))
    sink.write(grabs)
    sink.close()
    tag = "" if form == "xml" else " dmz"  # nmap's XML has no place for it that others read
    found = targets((tmp_path / f"a.{form}").read_bytes())
    assert sorted(found) == ["[2001:db8::1]:22", f"mail.example@192.0.2.1:25{tag}"]


def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_used() -> None:
    lines = (REAL / "masscan.ndjson").read_bytes().splitlines(keepends=True)
    found = list(
        read([lines[0], b'{"ip":"192.0.2.1","po\n', b"\xff\n", b'{"x":1}\n', lines[1], lines[2][:40]])
    )
    assert [str(item) for item in found if isinstance(item, Spec)] == ["198.51.100.2:22", "198.51.100.2:25"]
    bad = [item for item in found if isinstance(item, BadLine)]
    assert [item.number for item in bad] == [2, 3, 4, 6]
    assert all(item.reason.startswith("expected JSON objects") for item in bad)
    gnmap = (REAL / "nmap.gnmap").read_bytes()
    cut = gnmap[: gnmap.rindex(b"8080") + 6]
    assert targets(cut)[:3] == ["198.51.100.2:22", "198.51.100.2:25", "line 3: expected a host and its ports, as nmap "
        "-oG writes them: an entry has seven fields between slashes (is the line cut short?)"]  # fmt: skip


def test_a_cut_damaged_or_joined_xml_file_is_used_all_the_same() -> None:
    data = (REAL / "nmap.xml").read_bytes()
    cut = list(read([data[: data.index(b'portid="80"')]]))
    assert [str(item) for item in cut[:-1]] == ["198.51.100.2:22", "198.51.100.2:25"]
    assert isinstance(cut[-1], BadLine)
    assert "cut short" in cut[-1].reason
    assert cut[-1].number == data[: data.index(b'portid="80"')].count(b"\n") + 1
    other = (REAL / "masscan.xml").read_bytes()
    for size in (5, 65536):
        found = targets(data + other, size=size)
        assert set(found[:3]) == set(found[4:]) == OPEN
        assert "well-formed XML was expected: junk" in found[3]
        damaged = targets(other.replace(b"<host", b"<ho&st", 1), size=size)
        assert len(damaged) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><nmaprun><host/></nmaprun>', "entities may not be declared"),
        ("<nmaprun>" + "<a>" * 100, "nested deeper"),
        (f'<nmaprun a="{"x" * (5 << 20)}"/>', "longer than"),
        (
            "<nmaprun><host><address addr='0.0.0.0/0'/><ports><port portid='1'><state state='open'/></port>",
            "more than one",
        ),
        (
            "<nmaprun><host><address addr='192.0.2.1'/><ports><port portid='x'><state state='open'/></port>",
            "port",
        ),
    ],
)
def test_hostile_xml(text: str, reason: str) -> None:
    found = targets(text.encode())
    assert reason in found[0]


@settings(max_examples=200)
@given(
    name=st.sampled_from(sorted(path.name for path in REAL.iterdir())),
    at=st.floats(0, 1, exclude_max=True),
    noise=st.binary(max_size=6),
    gone=st.integers(0, 20),
)
def test_damage_is_a_bad_line_and_nothing_else(name: str, at: float, noise: bytes, gone: int) -> None:
    data = (REAL / name).read_bytes()
    where = int(at * len(data))
    for item in read([data[:where] + noise + data[where + gone :]], (22,)):
        assert item.reason if isinstance(item, BadLine) else item.size >= 1


async def test_files_and_pipes_give_the_same(tmp_path: Path) -> None:
    data = (REAL / "nmap.xml").read_bytes()[:-40] + encode(Grab(1.0, "x", 1, Status.SILENT))
    (tmp_path / "in").write_bytes(data)
    bad: list[BadLine] = []
    source = Source(str(tmp_path / "in"))
    progress = Progress([source])
    now = list(read_now(source, (), bad.append, progress))
    assert progress.expected == len(now) == 3
    route = listed(Source(str(tmp_path / "in")), (), None, bad.append)
    assert [route[index] for index in range(route.size)] == now
    near, far = os.pipe()
    os.write(far, data)
    os.close(far)
    later = [target async for target in read_later(Source(f"/dev/fd/{near}"), (), bad.append)]
    os.close(near)
    assert later == now
    assert Target("198.51.100.2", 22) in now
    assert len(bad) == 3


def test_a_plain_list_is_left_alone() -> None:
    assert not foreign(b"# my hosts\n192.0.2.1:22\n")
    assert not foreign(b"")
    assert foreign(b'{"a":1}\n')


@pytest.mark.parametrize("size", [1, 9, 65536])
def test_lines_are_counted_through_damage(size: int) -> None:
    first = (REAL / "nmap.xml").read_bytes()
    second = (REAL / "masscan.xml").read_bytes()
    at = second.rindex(b"</host>")
    hurt = second[:at] + b"</wrong>" + second[at + 7 :]
    whole = first + hurt
    pieces = (whole[start : start + size] for start in range(0, len(whole), size))
    bad = [item.number for item in read(pieces) if isinstance(item, BadLine)]
    assert bad == [first.count(b"\n") + 1, whole[: whole.index(b"</wrong>")].count(b"\n") + 1]


def test_a_compressed_file_is_read_by_position(tmp_path: Path) -> None:
    (tmp_path / "in.gz").write_bytes(gzip.compress((REAL / "nmap.xml").read_bytes())[:-8])
    bad: list[BadLine] = []
    route = listed(Source(str(tmp_path / "in.gz")), (), None, bad.append)
    assert {str(route[index].port) for index in range(route.size)} == {"22", "25", "8080"}
    assert [each.reason for each in bad] == ["gzip data is cut short"]
