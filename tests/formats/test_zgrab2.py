"""zgrab2's shape: written so that it comes back, and read as zgrab2 itself writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from banner import testing
from banner.formats.reader import read_records
from banner.formats.zgrab2 import read_line, shape
from banner.models import Grab, Service, Status
from tests.command import Servers, run
from tests.grabs import grabs

# As zgrab2 writes them: its README's example for ssh, and the fields of module.go, status.go and the modules' results.
SSH = {
    "ip": "192.0.2.9",
    "data": {
        "ssh": {
            "status": "success",
            "protocol": "ssh",
            "result": {
                "server_id": {
                    "raw": "SSH-2.0-dropbear_2022.83",
                    "version": "2.0",
                    "software": "dropbear_2022.83",
                },
                "key_exchange": {"curve25519_sha256_params": {}},
            },
            "timestamp": "2024-05-01T10:00:00Z",
        }
    },
}
REFUSED = {
    "domain": "web.example",
    "data": {
        "http": {
            "status": "unknown-error",
            "protocol": "http",
            "result": {},
            "timestamp": "2024-05-01T10:00:00+02:00",
            "error": "dial tcp 192.0.2.9:80: connect: connection refused",
        },
        "ftp": {"status": "io-timeout", "protocol": "ftp", "port": 2121, "timestamp": "2024-05-01T10:00:00Z"},
    },
}


def back(grab: Grab) -> Grab:
    (got,) = read_line(json.dumps(shape(grab)).encode())
    return got


@given(grabs)
def test_what_is_written_comes_back(grab: Grab) -> None:
    if not grab.host:  # of which no target is made
        return
    got = back(grab)
    assert (got.host, got.port, got.status) == (grab.host, grab.port, grab.status)
    assert got.ip == (grab.ip or None)
    assert abs(got.time - grab.time) < 1.001
    if grab.status is not Status.BANNER:
        assert got.error == (grab.error or None)
    text = grab.banner.decode("utf-8", "replace")
    if got.service is None or got.service.name != "ssh":
        assert got.banner.decode() == text
    else:
        assert got.banner.decode().removesuffix("\r\n") in text.replace("\r", "\n") or not text.strip()

    def same(answer: dict[str, Any]) -> dict[str, Any]:
        for module in answer["data"].values():
            module.get("result", {}).pop("length", None)  # U+FFFD is longer than what it stands for
        return answer

    if grab.status is Status.BANNER and grab.banner:
        assert same(shape(got)) == same(shape(grab))


def test_zgrab2s_own_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "zgrab2.json"
    path.write_text(f'{json.dumps(SSH)}\n{json.dumps(REFUSED)}\n{{"data":{{}}}}\n')
    complaints: list[tuple[int, str]] = []
    ssh, http, ftp = read_records(str(path), lambda number, reason: complaints.append((number, reason)))
    assert complaints == [(3, "not a line of zgrab2's: neither ip nor domain")]
    assert (ssh.host, ssh.port, ssh.status, ssh.service) == ("192.0.2.9", 22, Status.BANNER, Service("ssh"))
    assert ssh.banner == b"SSH-2.0-dropbear_2022.83\r\n"
    assert ssh.details == {"zgrab2": {"key_exchange": {"curve25519_sha256_params": {}}}}
    assert (http.host, http.port, http.status, http.ip) == ("web.example", 80, Status.REFUSED, None)
    assert http.time == ssh.time - 7200
    assert (ftp.port, ftp.status) == (2121, Status.SILENT)


@pytest.mark.parametrize(
    "line",
    [
        '{"data": {"ssh": 1}, "ip": "x"}',
        '{"data": {"new-module": {"status": "success"}}, "ip": "192.0.2.1"}',
        "{",
    ],
)
def test_what_is_not_zgrab2s_is_told(line: str) -> None:
    with pytest.raises(ValueError, match="not a line of zgrab2's"):
        list(read_line(line.encode()))


def test_a_scan_writes_it_and_it_is_shown(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with Servers() as servers:
        server = servers.start(lambda: testing.greeter(b"220 mail.example ESMTP Postfix\r\n"))
        target = f"{server.host}:{server.port}"
        done = run("scan", target, "-o", str(out), "--format", "zgrab2", "--mode", "listen")
        assert (done.returncode, done.stderr) == (0, b"")
        piped = run("scan", target, "--format", "zgrab2", "--mode", "listen")
    (line,) = out.read_bytes().splitlines()
    assert json.loads(line)["data"]["smtp"]["result"]["banner"] == "220 mail.example ESMTP Postfix\r\n"
    assert json.loads(piped.stdout).keys() == json.loads(line).keys()
    shown = run("show", str(out), "--where", "service=smtp")
    assert shown.returncode == 0
    assert b"220 mail.example ESMTP Postfix" in shown.stdout


@pytest.mark.parametrize(
    ("module", "result", "expected"),
    [
        ("memcached", {"version": "1.6.18"}, ("192.0.2.9:11211", "memcached", "Memcached", "1.6.18")),
        ("ntp", {"version": 3, "time": "2024-05-01T10:00:00Z"}, ("192.0.2.9:123/udp", "ntp", None, None)),
        ("ipmi", {"raw": "AAAA"}, ("192.0.2.9:623/udp", "ipmi", None, None)),
        (
            "postgres",
            {"server_parameters": {"server_version": "15.6"}},
            ("192.0.2.9:5432", "postgresql", "PostgreSQL", "15.6"),
        ),
        (
            "amqp091",
            {"server_properties": {"product": "RabbitMQ", "version": "3.10.8"}},
            ("192.0.2.9:5672", "amqp", "RabbitMQ", "3.10.8"),
        ),
        ("redis", {"version": "7.0.15"}, ("192.0.2.9:6379", "redis", "Redis", "7.0.15")),
        ("oracle", {"handshake": {"accept_version": 315}}, ("192.0.2.9:1521", "oracle-tns", None, None)),
        ("mssql", {"version": "16.0.1000"}, ("192.0.2.9:1433", "ms-sql-s", None, "16.0.1000")),
    ],
)
def test_modules_have_our_names_their_ports_and_what_they_learned(
    module: str, result: dict[str, Any], expected: tuple[str, str, str | None, str | None]
) -> None:
    answer = {"status": "success", "protocol": module, "result": result, "timestamp": "2024-05-01T10:00:00Z"}
    (got,) = read_line(json.dumps({"ip": "192.0.2.9", "data": {module: answer}}).encode())
    assert got.service is not None
    assert (got.where, got.service.name, got.service.product, got.service.version) == expected
    assert got.details["zgrab2"] == result


def test_a_head_that_zgrab2_took_apart_is_one_that_is_identified(tmp_path: Path) -> None:
    response = {
        "protocol": {"name": "HTTP/1.1"},
        "status_line": "200 OK",
        "headers": {"server": ["nginx/1.22.1"], "content_type": ["text/html"]},
    }
    answer = {"status": "success", "protocol": "http", "port": 80, "result": {"response": response}}
    (tmp_path / "z.json").write_text(json.dumps({"ip": "192.0.2.9", "data": {"http": answer}}) + "\n")
    told = json.loads(run("identify", str(tmp_path / "z.json")).stdout)
    assert (told["service"]["product"], told["service"]["version"]) == ("nginx", "1.22.1")


def test_a_module_that_came_to_nothing_costs_the_others_nothing() -> None:
    nothing = {"status": "connection-timeout", "result": None, "timestamp": None, "error": None}
    heard = {"status": "success", "port": 21, "result": {"banner": "220 ready"}}
    data: dict[str, Any] = {
        "ssh": nothing,
        "novel": nothing,
        "ftp": heard,
        "smtp": {**heard, "port": 25, "result": [1]},
    }
    found: list[Grab] = []
    with pytest.raises(ValueError, match="novel names no port"):
        found.extend(read_line(json.dumps({"ip": "192.0.2.1", "data": data}).encode()))
    assert [(grab.port, grab.banner) for grab in found] == [(22, b""), (21, b"220 ready"), (25, b"")]
