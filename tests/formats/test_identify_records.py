"""Records in, records out: order, unknown fields, damage, floods, and the command around it."""

from __future__ import annotations

import base64
import io
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from banner import Grab, Rules, Service, Status, Transport
from banner.formats.identify_records import (
    LONGEST,
    greeting_of,
    identified,
    identified_text,
    identify_line,
    lines_of,
)
from banner.formats.record import decode, encode
from banner.formats.terminal import safe_json
from banner.plan.reactions import ECHO
from banner.recognition.identify import built_in_rules
from banner.tls.session import opening

POSTFIX = "220 mx.example ESMTP Postfix (Debian/GNU)\r\n"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


def run(lines: list[bytes], rules: Rules) -> tuple[list[bytes], list[tuple[int, str]]]:
    complaints: list[tuple[int, str]] = []
    out = list(identified(lines, rules, lambda number, reason: complaints.append((number, reason))))
    return out, complaints


def test_the_service_is_fresh_and_everything_else_is_untouched(rules: Rules) -> None:
    line = (
        b'{"v": 1,"zzz":{"b":2, "a":[1.50,1e3,"\\u00e9"]},"host":"h","port":25,"status":"banner",'
        b'"banner":"220 mx ESMTP Postfix\\r\\n","service":{"name":"old","rule":"old/rule"},"tls":{},"later":null}\n'
    )
    (out,), complaints = run([line], rules)
    assert not complaints
    before, after = json.loads(line), json.loads(out)
    assert after.pop("service")["product"] == "Postfix"
    del before["service"]
    assert after == before
    assert list(json.loads(out)) == list(json.loads(line))
    assert b'{"b":2, "a":[1.50,1e3,"\\u00e9"]}' in out


def test_a_new_service_stands_where_records_have_it(rules: Rules) -> None:
    line = json.dumps({"host": "h", "port": 25, "banner": POSTFIX, "tls": {}, "timings": {}}).encode()
    (out,), _ = run([line], rules)
    assert list(json.loads(out)) == ["host", "port", "banner", "service", "tls", "timings"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, ["host", "banner", "service"]),
        ({"timings": {"total": 1}}, ["host", "banner", "service", "timings"]),
        ({"timings": {}, "error": "x"}, ["host", "banner", "service", "timings", "error"]),
        ({"details": {"timings": {}}}, ["host", "banner", "service", "details"]),
        ({"details": {"a": 1}, "timings": {}}, ["host", "banner", "service", "details", "timings"]),
        ({"error": "x", "timings": {}}, ["host", "banner", "service", "error", "timings"]),
        ({"tls": {}}, ["host", "banner", "service", "tls"]),
        ({"later": [1], "end": "complete"}, ["host", "banner", "later", "end", "service"]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "", " \r\n"])
def test_wherever_it_is_put_the_line_stays_a_record(
    fields: dict[str, Any], names: list[str], end: str, rules: Rules
) -> None:
    record = {"host": "h", "banner": "SSH-2.0-OpenSSH_9.2p1\r\n", **fields}
    for text in (json.dumps(record), json.dumps(record, separators=(",", ":"))):
        line = identify_line((text + end).encode(), rules)
        read = json.loads(line)
        assert line.endswith(b"\n")
        assert list(read) == names
        assert read.pop("service")["version"] == "9.2p1"
        assert read == record


def test_a_record_without_a_banner_passes_as_it_is(rules: Rules) -> None:
    line = b'{"status" : "timeout","host":"h","x":[1 ,2]}\n'
    assert run([line, line.rstrip()], rules) == ([line, line], [])


def test_what_a_dialogue_knew_is_not_lost_to_bare_structure(rules: Rules) -> None:
    told = {
        "port": 873,
        "banner": "@RSYNCD: 31.0\n",
        "service": {"name": "rsync", "product": "rsync", "version": "3.2.7", "confidence": 0.95},
    }
    (out,), _ = run([json.dumps(told).encode() + b"\n"], rules)
    assert json.loads(out) == told


@pytest.mark.parametrize(
    "said", [opening("h.example"), b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", b"AMQP\0\0\x09\x01"]
)
@pytest.mark.parametrize("transport", Transport)
def test_who_sent_our_words_back_is_not_known_by_them(said: bytes, transport: Transport) -> None:
    grab = Grab(0, "h", 7777, Status.BANNER, banner=said, service=ECHO, transport=transport)
    line = encode(grab)
    assert identify_line(line, built_in_rules()) == line


def test_base64_banners_are_read(rules: Rules) -> None:
    banner = base64.b64encode(b"\xff\xfb\x01login: ").decode()
    (out,), _ = run([json.dumps({"banner": banner, "encoding": "base64"}).encode()], rules)
    assert json.loads(out)["service"]["name"] == "telnet"


@pytest.mark.parametrize(
    "damaged",
    [
        b"{", b"[]", b"null", b"\xff\xfe", b'{"banner":1}', b'{"banner":"a","encoding":"rot13"}',
        b'{"banner":"x","port":"y"}',
        b'{"banner":"%%%","encoding":"base64"}', b'{"a":' + b"[" * 5000, b'{"banner":"* OK","service":7}', b"\0" * 99,
    ],
)  # fmt: skip
def test_a_damaged_line_costs_itself_alone(damaged: bytes, rules: Rules) -> None:
    good = json.dumps({"banner": POSTFIX, "port": 25}).encode() + b"\n"
    out, complaints = run([good, damaged + b"\n", b"\n", good], rules)
    assert len(out) == 2
    assert out[0] == out[1]
    assert [number for number, _ in complaints] == [2]
    assert complaints[0][1]


def test_endless_lines_are_bounded(rules: Rules) -> None:
    file = io.BytesIO(b"x" * 100 + b"\n" + b"{}\n" + b"y" * 95)
    assert list(lines_of(file, 10)) == [b"x" * 10, b"{}\n", b"y" * 10]
    out, complaints = run([b'{"a":"' + b"x" * LONGEST], rules)
    assert out == []
    assert "longer" in complaints[0][1]


def test_text_is_one_greeting_a_line(rules: Rules) -> None:
    lines = [b"220 x ESMTP Postfix\n", b"\n", rb"\xff\xfb\x01login:" + b"\r\n", b"\xfe\xfe\n"]
    first, second, third = (json.loads(line) for line in identified_text(lines, rules))
    assert first["service"]["product"] == "Postfix"
    assert second["service"]["name"] == "telnet"
    assert second["encoding"] == "base64"
    assert "service" not in third


def test_escapes_stand_for_their_bytes() -> None:
    assert greeting_of(rb"a\r\n\t\0\\\x41\q" + b"\n") == b"a\r\n\t\0\\A\\q"


def command(*args: str, feed: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    argv = [sys.executable, "-m", "banner", *args]
    return subprocess.run(argv, input=feed, capture_output=True, env={**os.environ, **env}, timeout=50)


def record(**fields: Any) -> bytes:
    return json.dumps({"port": 7, "banner": "ACME-7 greets, version 4.5", **fields}).encode() + b"\n"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.xml"
    path.write_text("""<fingerprints matches="greeting" protocol="acme">
        <fingerprint pattern="^ACME-\\d greets, version (\\S+)">
        <description>Acme</description><param pos="0" name="service.product" value="Acme"/>
        <param pos="1" name="service.version"/></fingerprint></fingerprints>""")
    return path


def test_the_command_reads_files_and_foreign_rules(acme: Path, tmp_path: Path) -> None:
    records = tmp_path / "scan.jsonl"
    records.write_bytes(record())
    done = command("identify", str(records), "--rules", str(acme))
    assert done.returncode == 0
    assert json.loads(done.stdout)["service"]["version"] == "4.5"
    from_environment = command("identify", "-", feed=record(), BANNER_RULES=str(acme))
    assert json.loads(from_environment.stdout)["service"]["product"] == "Acme"


def test_the_command_tells_damage_and_goes_on() -> None:
    done = command("identify", feed=record() + b"{\n" + record())
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    assert b"line 2:" in done.stderr
    assert b"1 line" in done.stderr


def test_wrong_paths_are_usage_errors(tmp_path: Path) -> None:
    assert command("identify", str(tmp_path / "absent")).returncode == 2
    assert command("identify", "--rules", str(tmp_path / "absent")).returncode == 2
    (tmp_path / "x.xml").write_text("<html/>")
    done = command("identify", "--rules", str(tmp_path / "x.xml"))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_terminal_gets_no_control_and_no_bidi_character() -> None:
    text = 'a\u009b\u202e\x7f\U0001f600"\\ \n'
    line = json.dumps({"banner": text}, ensure_ascii=False).encode()
    shown = safe_json(line)
    assert not set("\x7f\x9b\u202e") & set(shown.decode())
    assert b"\x7f" not in shown
    assert json.loads(shown) == {"banner": text}
    assert safe_json(b'{"plain":1}\n') == b'{"plain":1}\n'


def test_rules_check_reports(acme: Path) -> None:
    done = command("rules", "check", str(acme))
    assert done.returncode == 0
    assert b"1 rules in 1 files load, 0 do not" in done.stdout


def over_udp(service: Service, banner: bytes, details: dict[str, object]) -> Service | None:
    """The service of a record over UDP, identified afresh."""
    grab = Grab(
        0, "h", 161, Status.BANNER, banner=banner, probe=service.name, service=service, details=details,
        transport=Transport.UDP,
    )  # fmt: skip
    return decode(identify_line(encode(grab), built_in_rules())).service


def test_a_record_over_udp_is_identified_by_what_its_dialogue_left() -> None:
    told: dict[str, object] = {"description": "Cisco Adaptive Security Appliance Version 9.8(2)"}
    found = over_udp(Service("snmp", "Cisco", rule="probe/snmp"), b"0\x03\x02\x01\x01", told)
    assert found is not None
    assert (found.name, found.product, found.version) == ("snmp", "Adaptive Security Appliance", "9.8(2)")


def test_a_product_that_http_knows_too_makes_no_http_of_another_service() -> None:
    head = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nSERVER: Debian MiniUPnPd\r\n\r\n"
    found = over_udp(Service("ssdp", rule="probe/ssdp"), head, {"server": "Debian MiniUPnPd"})
    assert found is not None
    assert (found.name, found.product) == ("ssdp", "MiniUPnPd")


def test_what_a_dialogue_over_udp_knew_by_itself_stays() -> None:
    own = Service("mumble", "Mumble", "Mumble", "1.3.4", rule="probe/mumble")
    assert over_udp(own, bytes(24), {"users": 1}) == own


def test_who_gives_one_record_gets_its_answer_before_the_next() -> None:
    argv = [sys.executable, "-m", "banner", "identify", "-"]
    record = json.dumps({"v": 1, "host": "h", "port": 25, "banner": POSTFIX}).encode()
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=buffered) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(record + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 50)
            assert ready
            assert json.loads(process.stdout.readline())["service"]["product"] == "Postfix"
        process.stdin.close()
        assert process.wait(50) == 0


def test_a_block_of_records_holds_others_lines_too_and_lines_are_counted_on() -> None:
    ours = json.dumps({"v": 1, "host": "h", "port": 25, "banner": POSTFIX}).encode()
    theirs = json.dumps({"ip": "192.0.2.1", "data": {"banner": {"status": "success", "protocol": "banner",
        "port": 25, "result": {"banner": POSTFIX}}}}).encode()  # fmt: skip
    done = command("identify", "-", feed=b"\n".join([ours, theirs, b"{", ours] * 500 + [b"["]))
    products = [json.loads(line)["service"]["product"] for line in done.stdout.splitlines()]
    assert products == ["Postfix"] * 1500
    assert b"line 3:" in done.stderr
    assert b"501 lines were no records" in done.stderr
