"""What answers must have, and what is read of them that no daemon here says: other servers, errors, other codes."""

from __future__ import annotations

import pytest

from banner import Service, Transport
from banner.dialogue.datagrams import NONCE
from banner.probes import _dns
from banner.probes._cursor import Cursor, CutShortError
from banner.probes.udp import _snmp

from ..datagrams import told
from ..recordings import everything


def question(name: str) -> bytes:
    return bytes(told(name).wire.sent)


# -- DNS, mDNS, NetBIOS ------------------------------------------------------------------------------------


def test_a_name_with_pointers_is_read() -> None:
    message = bytes(12) + b"\4mail\7example\0" + b"\3www\xc0\x11"
    cursor = Cursor(message)
    cursor.at = 26
    assert _dns.name(cursor) == "www.example"
    assert cursor.left() == 0


@pytest.mark.parametrize(
    "looped",
    [b"\xc0\x0c", b"\1a\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\xff\xff"],
    ids=["to itself", "to its start", "forward and back", "beyond the end"],
)
def test_a_pointer_that_does_not_lead_back_ends_the_name(looped: bytes) -> None:
    cursor = Cursor(bytes(12) + looped)
    cursor.at = 12
    with pytest.raises(CutShortError):
        _dns.name(cursor)


def test_a_chain_of_pointers_is_short() -> None:
    chain = b"".join((0xC000 | 2 * at).to_bytes(2, "big") for at in range(400))
    cursor = Cursor(b"\0\0" + chain)
    cursor.at = 2 * 400
    with pytest.raises(CutShortError):
        _dns.name(cursor)


def test_a_bomb_of_names_is_survived_in_no_time() -> None:
    head = NONCE[:2] + b"\x84\0\0\1\xff\xff\xff\xff\xff\xff"
    asked = question("dns")[12:]
    pointers = b"".join((0xC000 | 12 + len(asked) + 2 * at).to_bytes(2, "big") for at in range(8000))
    assert told("dns", head + asked + pointers).service is not None


def test_a_name_server_that_refuses_is_one_and_is_asked_no_more() -> None:
    played = told("dns", NONCE[:2] + b"\x80\5\0\1" + bytes(6) + question("dns")[12:])
    assert played.wire.details == {"rcode": "REFUSED"}
    assert bytes(played.wire.sent).count(b"bind") == 1


@pytest.mark.parametrize(("second", "hostname"), [(b"gdnsd/3", None), (b"ns1.example", "ns1.example")])
def test_who_says_the_same_to_every_question_tells_no_name(second: bytes, hostname: str | None) -> None:
    def answer(question: bytes, said: bytes) -> bytes:
        record = (
            b"\xc0\x0c\0\x10\0\3\0\0\0\0" + (len(said) + 1).to_bytes(2, "big") + bytes([len(said)]) + said
        )
        return question[:2] + b"\x84\0\0\1\0\1\0\0\0\0" + question[12:] + record

    first = question("dns")
    version = answer(first, b"gdnsd/3")
    named = told("dns", version).wire.sent[len(first) :]
    played = told("dns", version, answer(bytes(named), second))
    assert played.wire.details.get("hostname") == hostname
    assert played.wire.details["version_bind"] == "gdnsd/3"


def test_a_realm_that_is_only_repeated_is_not_told() -> None:
    recorded = everything(Transport.UDP)["kerberos"][0].turns[1].data
    assert "realm" not in told("kerberos", recorded).wire.details
    elsewhere = recorded.replace(b"\x1b\x06BANNER", b"\x1b\x06REALM2")
    assert told("kerberos", elsewhere).wire.details["realm"] == "REALM2"


def test_an_answer_to_another_question_is_none() -> None:
    other = question("dns").replace(b"version", b"another")
    assert told("dns", other[:2] + b"\x84\0" + other[4:]).service is None


# -- NTP -----------------------------------------------------------------------------------------------------


def clock(stratum: int, reference: bytes, seconds: int = 0, leap: int = 0) -> dict[str, object]:
    answer = (
        bytes([leap << 6 | 4 << 3 | 4, stratum]) + bytes(10) + reference + bytes(8) + NONCE[:8] + bytes(8)
    )
    return told("ntp", answer + seconds.to_bytes(4, "big") + bytes(4)).wire.details


def test_clocks_of_all_kinds() -> None:
    assert clock(1, b"GPS\0") == {
        "protocol_version": "4",
        "stratum": 1,
        "synchronised": True,
        "reference": "GPS",
    }
    assert clock(0, b"RATE", leap=3)["reference"] == "RATE"
    assert not clock(0, b"INIT", leap=3)["synchronised"]
    assert clock(2, bytes([192, 0, 2, 9]))["reference"] == "192.0.2.9"
    assert clock(2, bytes(4), 0xFFFFFFFF)["server_time"] == "2036-02-07T06:28:15Z"
    assert clock(2, bytes(4), 1)["server_time"] == "2036-02-07T06:28:17Z"


def test_what_an_ntp_server_calls_itself() -> None:
    time = b"\x24\1" + bytes(22) + NONCE[:8] + bytes(16)
    said = b'version="ntpd 4.2.8p15@1.3728-o", processor="x86_64",\r\nsystem="Linux/5.10", leap=00'
    named = b"\x16\x82" + NONCE[8:10] + bytes(6) + len(said).to_bytes(2, "big") + said
    details = told("ntp", time, named, deep=True).wire.details
    assert (details["version"], details["processor"], details["os"]) == (
        "ntpd 4.2.8p15@1.3728-o",
        "x86_64",
        "Linux/5.10",
    )
    assert "version" not in told("ntp", time, named[:1] + b"\xc2" + named[2:], deep=True).wire.details


# -- SNMP ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("8000000903001122334455", {"enterprise": 9, "mac": "00:11:22:33:44:55"}),
        ("80001f8801c0000207", {"enterprise": 8072, "address": "192.0.2.7"}),
        ("80001f880220010db8000000000000000000000001", {"enterprise": 8072, "address": "2001:db8::1"}),
        ("8000000904" + b"core".hex(), {"enterprise": 9, "engine_text": "core"}),
        ("000000090300112233445566", {"enterprise": 9}),
        ("80000009", {}),
    ],
)
def test_what_an_engine_id_is_made_of(engine: str, expected: dict[str, object]) -> None:
    assert _snmp.engine(bytes.fromhex(engine)) == {"engine_id": engine} | expected


def test_a_report_to_another_message_is_none() -> None:
    (answer,) = [turn.data for turn in everything(Transport.UDP)["snmp"][0].turns if turn.who == "server"]
    assert told("snmp", answer).service is not None
    assert told("snmp", answer.replace(NONCE[:4], b"xxxx", 1)).service is None


@pytest.mark.parametrize(
    "length", [b"\x84\xff\xff\xff\xff", b"\x80", b"\x85\0\0\0\0\1", b"\x7f", b"\x82\xff\xff"]
)
def test_lengths_that_lie(length: bytes) -> None:
    assert told("snmp", b"0" + length + b"\2\1\3" + bytes(40)).service is None


# -- the others ----------------------------------------------------------------------------------------------


def test_ipmi_by_what_it_takes() -> None:
    request = question("ipmi")
    number = request[18:19]

    def answer(*body: int) -> dict[str, object]:
        message = b"\x81\x1c\x63\x20" + number + b"\x38" + bytes(body) + b"\0"
        return told("ipmi", request[:13] + bytes([len(message)]) + message).wire.details

    assert answer(0, 1, 0x80, 0x03, 0x02, 0xA2, 0x02, 0x00, 0) == {
        "authentication": [],
        "protocol_versions": ["2.0"],
        "anonymous_login": True,
        "null_user_names": True,
        "enterprise": 674,
    }
    assert answer(0, 1, 0x15, 0x00, 0x01, 0, 0, 0, 0)["protocol_versions"] == ["1.5"]
    assert answer(0xC1) == {"completion_code": 0xC1}


def test_a_port_mapper_that_refuses() -> None:
    def access(*words: int) -> object:
        data = NONCE[:4] + b"".join(word.to_bytes(4, "big") for word in words)
        return told("rpcbind", data).wire.details.get("access")

    assert access(1, 1, 0, 2, 2) == "refused"
    assert access(1, 0, 0, 0, 2, 2, 4) == "version not supported"
    assert access(0, 0, 0, 0, 0) is None


def test_a_file_that_is_there_after_all() -> None:
    assert told("tftp", b"\0\3\0\1hello").service is not None
    assert told("tftp", b"\0\3\0\2hello").service is None
    assert told("tftp", b"\0\5\0\x63what\0").service is None


def test_coap_options_before_the_links() -> None:
    ping = b"\x70\0" + NONCE[:2]
    options = b"\x42\xff\xff" + b"\x81\x28" + b"\xdd\0\0" + bytes(13)  # ETag, Content-Format, one of 13 bytes
    links = b"\x60\x45" + NONCE[2:4] + options + b'\xff</a/b>;rt="x",</c>'
    assert told("coap", ping, links, deep=True).wire.details == {"resources": ["/a/b", "/c"]}
    missing = b"\x60\x84" + NONCE[2:4]
    assert told("coap", ping, missing, deep=True).wire.details == {}


def test_a_coap_ping_may_be_acknowledged() -> None:
    """As of Node's library, which answers it as a request."""
    number = NONCE[:2]
    assert told("coap", b"\x60\x45" + number + b"\xffhi").service == Service("coap")
    assert told("coap", b"\x60\x45\0\0\xffhi").service is None
    assert told("coap", b"\x40\0" + number).service is None


def test_stun_says_where_else_it_is() -> None:
    head = b"\1\1\0\x18\x21\x12\xa4\x42" + NONCE[:12]
    other = b"\x80\x2c\0\x14\0\2\x0d\x97" + bytes.fromhex("20010db8" + "00" * 11 + "05")
    assert told("stun", head + other).wire.details == {"other_address": "[2001:db8::5]:3479"}
    assert told("stun", head[:8] + bytes(12) + other).service is None


def test_a_ticket_in_a_realm_of_windows() -> None:
    (answer,) = [turn.data for turn in everything(Transport.UDP)["kerberos"][0].turns if turn.who == "server"]
    assert b"\xa6\x03\x02\x01\x06" in answer
    assert told("kerberos", answer.replace(b"\xa6\x03\x02\x01\x06", b"\xa6\x03\x02\x01\x44")).wire.details[
        "error"
    ] == ("wrong realm")


def test_quic_names_no_filler() -> None:
    head = b"\x80\0\0\0\0\x08" + NONCE[8:16] + b"\x08" + NONCE[:8]
    versions = b"\0\0\0\1" + b"\x6b\x33\x43\xcf" + b"\xff\0\0\x1d" + b"\x3a\x4a\x5a\x6a" + b"Q046"
    assert told("quic", head + versions).wire.details == {"versions": ["1", "2", "draft 29", "0x51303436"]}
    assert told("quic", head.replace(NONCE[:8], bytes(8)) + versions).service is None
    assert len(question("quic")) == 1200
