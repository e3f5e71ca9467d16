"""Tables as several programs write them, and how files are packed."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest

from banner.inputs.neighbours import describe, read
from banner.text.compression import unpacked


def found(data: bytes, size: int = 65536) -> list[str]:
    return [str(item) for item in read((data[at : at + size] for at in range(0, len(data), size)), (99,))]


NESSUS = (
    b"Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis,Plugin Output\r\n"
    b'"1","","","None","192.0.2.1","tcp","22","SSH","a ""b"", c\n\nd","x\ny"\r\n'
    b'"2","","","None","192.0.2.1","tcp","0","Ping","z","z"\r\n'
    b'"3","","","High","192.0.2.1","tcp","22","SSH","z","z"\r\n'
    b'"4","","","High","192.0.2.1","udp","53","DNS","z","z"\r\n'
)
TABLES = {
    "Nessus": (NESSUS, ["192.0.2.1:22", "192.0.2.1:53/udp"]),
    "OpenVAS": (
        b"IP,Hostname,Port,Port Protocol,CVSS,Severity,NVT Name\n192.0.2.1,a.example,22,tcp,5,Medium,x\n"
        b"192.0.2.1,a.example,,,5,Medium,x\n192.0.2.1,a.example,22,tcp,5,Medium,y\n",
        ["a.example@192.0.2.1:22"],
    ),
    "Shodan": (
        b"ip_str,port,transport,hostnames\n192.0.2.1,53,udp,a.example\n",
        ["192.0.2.1:53/udp a.example"],
    ),
    "semicolons": (b"IP Address;Port;Note\n192.0.2.1;22;a,b\n", ["192.0.2.1:22"]),
    "tabs": (b"ip\tport\n192.0.2.1\t22\n", ["192.0.2.1:22"]),
    "a service as protocol": (
        b"ip,port,protocol\n192.0.2.1,22,ssh\n192.0.2.2,9,sctp\n",
        ["192.0.2.1:22", "left out: 1 ports of SCTP and what else is neither TCP nor UDP"],
    ),
    "several ports in a cell": (
        b'host,ports\n192.0.2.1,"22, 80"\n192.0.2.2,22;80;\n192.0.2.3,443.0\n',
        [f"192.0.2.{host}:{port}" for host in (1, 2) for port in (22, 80)] + ["192.0.2.3:443"],
    ),
    "a hostname beside a host": (b"host,hostname,port\na.example,b.example,22\n", ["a.example:22"]),
}


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, size: int) -> None:
    data, targets = TABLES[name]
    assert found(data, size) == targets


def test_a_quote_that_is_missing_costs_its_row_alone() -> None:
    rows = [f'192.0.2.{host},22,"x"\n'.encode() for host in range(1, 60)]
    rows[20] = b'192.0.2.21,22,"x\n'
    told = found(b"ip,port,note\n" + b"".join(rows))
    assert len([line for line in told if line.startswith("192.0.2.")]) == 58
    assert [line[:8] for line in told if not line.startswith("192.0.2.")] == ["line 22:"]


def test_lines_are_counted_where_cells_hold_several() -> None:
    (_, wrong, last) = found(b'ip,port,note\n192.0.2.1,22,"a\nb\nc"\n192.0.2.2\n192.0.2.3,22,x\n')
    assert wrong.startswith("line 5:")
    assert last == "192.0.2.3:22"


@pytest.mark.parametrize(
    "text",
    [
        b"192.0.2.1:22\r192.0.2.2:22\r",
        b"ip,port\r192.0.2.1,22\r192.0.2.2,22\r",
        b'{"ip":"192.0.2.1","port":22}\r{"ip":"192.0.2.2","port":22}\r',
        b"# Nmap 7.95 scan initiated x\rHost: 192.0.2.1 ()\tPorts: 22/open/tcp//ssh///\r"
        b"Host: 192.0.2.2 ()\tPorts: 22/open/tcp//ssh///\r",
    ],
)
@pytest.mark.parametrize("size", [1, 65536])
def test_cr_alone_ends_lines_of_every_text(text: bytes, size: int) -> None:
    assert found(text, size) == ["192.0.2.1:22", "192.0.2.2:22"]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("size", [1, 7, 65536])
@pytest.mark.parametrize("name", PACKERS)
def test_packed_files(name: str, size: int) -> None:
    pack = PACKERS[name]
    data = pack(b"192.0.2.1:22\n") + pack(b"192.0.2.2:22\n") + b"\0" * (0 if name == "bzip2" else 512)
    assert found(data, size) == ["192.0.2.1:22", "192.0.2.2:22"]
    assert name in describe(data)
    whole, cut = found(pack(b"192.0.2.1:22\n")[:-4], size)[:1], found(pack(b"192.0.2.1:22\n")[:-4], size)[-1]
    assert f"{name} data is" in cut
    assert whole == ["192.0.2.1:22"] or name == "bzip2"  # whose blocks come whole


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_unpacked_in_pieces(name: str) -> None:
    pieces = unpacked([PACKERS[name](b"\0" * (32 << 20))])
    assert all(len(next(pieces)) <= 1 << 20 for _ in range(20))


def test_ports_as_openvas_named_them_once() -> None:
    result = "<result><host>192.0.2.1</host><port>{}</port></result>"
    report = f"<report>{result.format('ssh (22/tcp)')}{result.format('general/tcp')}{result.format('53/udp')}</report>"
    assert found(report.encode()) == ["192.0.2.1:22", "192.0.2.1:53/udp"]


@pytest.mark.parametrize("before", [True, False])
def test_a_result_that_holds_another(before: bool) -> None:
    detection = (
        "<detection><result id='9'><details><detail><name>x</name></detail></details></result></detection>"
    )
    place = "<host>192.0.2.1<asset/><hostname>a.example</hostname></host><port>{}/tcp</port>"
    parts = [place, detection] if not before else [detection, place]
    results = "".join(f"<result>{''.join(parts)}</result>".replace("{}", str(port)) for port in (22, 25))
    told = found(f"<report><report><results>{results}</results></report></report>".encode())
    assert told == ["a.example@192.0.2.1:22", "a.example@192.0.2.1:25"]
