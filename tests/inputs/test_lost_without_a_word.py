"""No target of a file is lost, and none is made up, without a word: it is visited, or told of."""

from pathlib import Path

import pytest

import banner
from banner.inputs.neighbours import read
from banner.inputs.spec import BadLine, Spec, parse

STRAYS = [
    "192.0.2.1 192.0.2.2 192.0.2.3",
    "192.0.2.1 - 192.0.2.7",
    "192.0.2.1 / 24",
    "192.0.2.1 /24",
    "192.0.2.1 :22",
    "192.0.2.1 , 22",
    "192.0.2.1 | 22",
    "192.0.2.1 192.0.2.1 192.0.2.2",
    "192.0.2.1 2001:db8::1",
    "192.0.2.1 [2001:db8::1]:22",
    "192.0.2.1 198.51.100.0/24",
    "a.example 192.0.2.1-7",
    "a.example 22 80 443",
    "a.example 22 80,443",
    "192.0.2.1:22 192.0.2.2:22",
    "a.example:22 b.example:80",
]
TAGS = [
    ("192.0.2.1", "localhost a.example"),
    ("192.0.2.1", "- mail server"),
    ("192.0.2.1", "192.0.2.1"),
    ("2001:db8::1", "2001:db8::1 web"),
    ("192.0.2.1", "role:web"),
    ("192.0.2.1", "vlan:20"),
    ("192.0.2.1", "00:11:22:33:44:55"),
    ("192.0.2.1", "3com switch"),
    ("192.0.2.1", "https://wiki.example/1"),
    ("192.0.2.1:22", "192.0.2.7"),
    ("192.0.2.1 22", "2024"),
    ("192.0.2.1 22", "2024-11-28"),
    ("192.0.2.1 22", "24 ports"),
]


def found(text: str, ports: tuple[int, ...] = (443,)) -> list[str]:
    return [
        str(item) if isinstance(item, Spec) else "note" if item.note else "told"
        for item in read([text.encode()], ports)
    ]


@pytest.mark.parametrize("line", STRAYS)
def test_what_stands_where_the_tag_does_and_could_be_visited(line: str) -> None:
    with pytest.raises(ValueError, match="stands where the tag does"):
        parse(line, (443,))


@pytest.mark.parametrize(("where", "tag"), TAGS)
def test_a_tag_is_a_tag(where: str, tag: str) -> None:
    assert parse(f"{where} {tag}", (443,)).tag == tag


@pytest.mark.parametrize("tag", ["192.0.2.9:22", "www.example.com:443", "/24", "- 192.0.2.9", ",80 #4"])
def test_a_tag_of_another_tool_is_one_whatever_it_looks_like(tmp_path: Path, tag: str) -> None:
    """Such a file becomes a list of lines first, which are read again."""
    path = tmp_path / "hosts.csv"
    path.write_text(f'ip,port,tag\n192.0.2.1,22,"{tag}"\n')
    assert list(banner.targets(path)) == [banner.Target("192.0.2.1", 22, tag=tag)]


@pytest.mark.parametrize("last", ["192.0.2.2,b.example", "192.0.2.2,b.example\n"])
def test_a_short_file_is_known_by_its_last_line_too(tmp_path: Path, last: str) -> None:
    path = tmp_path / "hosts"
    path.write_text("192.0.2.1\n" + last)
    assert [(target.host, target.ip) for target in banner.targets(path, ports=22)] == [
        ("192.0.2.1", None),
        ("b.example", "192.0.2.2"),
    ]


def test_a_tag_may_hold_what_begins_a_comment(tmp_path: Path) -> None:
    """A file and a pipe are read alike."""
    rows = "host,port,tag\n192.0.2.1,22,#12\n192.0.2.2,22,a #b c#d\n"
    path = tmp_path / "hosts.csv"
    path.write_text(rows)
    assert [target.tag for target in banner.targets(path)] == ["#12", "a #b c#d"]
    assert found(rows) == ["192.0.2.1:22 #12", "192.0.2.2:22 a #b c#d"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # Names on one line, which are no row of address and name.
        ("a.example,b.example,c.example\n", ["told"]),
        # Entries of ports without a state are of open ones; with a banner masscan names them again.
        (
            '{"ip":"192.0.2.1","ports":[{"port":22,"proto":"tcp"},{"port":25,"protocol":"TCP","state":"open"},'
            '{"port":26,"state":"closed"},{"port":22,"proto":"tcp","service":{"name":"ssh","banner":"x"}}]}\n',
            ["192.0.2.1:22", "192.0.2.1:25"],
        ),
        # How a protocol is spelled.
        (
            '{"ip_str":"192.0.2.1","port":22,"transport":"TCP"}\n{"ip_str":"192.0.2.1","port":53,"transport":"UDP"}\n'
            '{"ip_str":"192.0.2.1","port":9,"transport":"sctp"}\n{"ip_str":"192.0.2.1","port":7,"transport":"x"}\n',
            ["192.0.2.1:22", "192.0.2.1:53/udp", "told", "note"],
        ),
        # A row's own ports go before -p.
        ('host,ports\n192.0.2.1,"22, 80"\n192.0.2.2,22-80\n', ["192.0.2.1:22", "192.0.2.1:80", "told"]),
        ('host,ports\n192.0.2.1,"22/tcp, 53/udp; 9/sctp"\n', ["192.0.2.1:22", "192.0.2.1:53/udp", "note"]),
        # A host that cannot be read has not the ports of the one before.
        (
            "Nmap scan report for a.example (192.0.2.1)\n22/tcp open ssh\n"
            "Nmap scan report for b c\n25/tcp open smtp\n"
            "Nmap scan report for d e (192.0.2.3)\n80/tcp open http\n",
            ["192.0.2.1:22 a.example", "told", "told", "192.0.2.3:80 d e"],
        ),
        # A comment is one among zgrab2's rows, too.
        (
            "192.0.2.1,a.example\n192.0.2.2:22 x # y\n",
            ["a.example@192.0.2.1:443", "192.0.2.2:22 x"],
        ),
        # RFC 6874, section 2.
        ("http://[fe80::1%25eth0]:8080/\n", ["[fe80::1%eth0]:8080"]),
        # httpx' host may be a name.
        (
            '{"input":"a.example","url":"http://www.a.example","host":"a.example","port":"80"}\n',
            ["www.a.example:80"],
        ),
    ],
)
def test_files(text: str, told: list[str]) -> None:
    assert found(text) == told


def test_an_address_that_is_none_is_told() -> None:
    (item,) = read([b"host,ip,port\na.example,b.example,22\n"], ())
    assert isinstance(item, BadLine)
    assert "'b.example', where its address is expected, is none" in item.reason
