"""Recog's keys beyond greetings: the names in certificates, and LDAP's raw entry."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import banner
from banner import Certificate, Rules, Service, testing
from banner.formats.identify_records import identify_line
from banner.recognition.check import check
from tests.recognition.test_recog import collection
from tests.tls_peer import lax_context
from tests.visit.visits import at_port_of_tls

SUBJECTS = r"""
<fingerprint pattern="^CN=FGT(\w+),.*O=Fortress">
  <description>Fortress gate</description>
  <example hw.serial_number="60D99">CN=FGT60D99,OU=Gate,O=Fortress,C=DE</example>
  <param pos="0" name="hw.vendor" value="Fortress"/>
  <param pos="0" name="hw.product" value="Gate"/>
  <param pos="0" name="hw.device" value="Firewall"/>
  <param pos="0" name="os.product" value="GateOS"/>
  <param pos="1" name="hw.serial_number"/>
</fingerprint>"""
ISSUERS = r"""
<fingerprint pattern="O=trustme v(\S+)">
  <description>trustme</description>
  <param pos="0" name="service.vendor" value="Issuers"/>
  <param pos="0" name="service.product" value="trustme"/>
  <param pos="1" name="service.version"/>
</fingerprint>"""
ENTRY = r"""
<fingerprint pattern="\x04\nvendorName1.\x04\x04Acme.*\x04\rvendorVersion1.\x04.(\d\.\d)">
  <description>Acme directory</description>
  <param pos="0" name="service.vendor" value="Acme"/>
  <param pos="0" name="service.product" value="Directory"/>
  <param pos="1" name="service.version"/>
</fingerprint>"""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    collection(tmp_path / "x509_subjects.xml", SUBJECTS, "x509.subjects", "x509")
    collection(tmp_path / "x509_issuers.xml", ISSUERS, "x509.issuers", "x509")
    collection(tmp_path / "ldap_searchresult.xml", ENTRY, "ldap.search_result", "ldap")
    return tmp_path


def certificate(subject: str | None = None, issuer: str | None = None) -> Certificate:
    return Certificate("00" * 32, subject=subject, issuer=issuer)


GATE = certificate("CN=FGT60D4,OU=Gate,O=Fortress,C=DE")


@pytest.mark.parametrize("built_in", [True, False])
def test_a_certificates_subject_names_the_device(given: Path, built_in: bool) -> None:
    rules = Rules(given, built_in=built_in)
    found = rules.with_certificate(None, GATE)
    assert found is not None
    assert (found.name, found.vendor, found.product, found.device, found.os) == (
        "tls", "Fortress", "Gate", "firewall", "GateOS",
    )  # fmt: skip
    assert found.rule == "x509_subjects/fortress-gate"
    bare = rules.with_certificate(Service("http", confidence=0.5), GATE)
    assert bare is not None
    assert (bare.name, bare.product) == ("http", "Gate")
    for unknown in (certificate(), certificate("CN=example.org"), certificate("CN=\ud800", "O=\x00")):
        assert rules.with_certificate(bare, unknown) == bare
        assert rules.with_certificate(None, unknown) is None


def test_what_says_more_stands_and_gets_the_system_and_the_device(given: Path) -> None:
    nginx = Service("http", product="nginx", version="1.25", os="Debian", confidence=0.9, rule="x")
    found = Rules(given).with_certificate(nginx, GATE)
    assert found is not None
    assert (found.product, found.version, found.os, found.device) == ("nginx", "1.25", "Debian", "firewall")


def test_built_in_rules_alone_ask_no_certificate() -> None:
    rules = Rules()
    assert not rules.asks_certificates
    assert rules.with_certificate(None, GATE) is None


def test_rules_on_other_machines_ask_them_too(given: Path) -> None:
    again = pickle.loads(pickle.dumps(Rules(given)))
    assert again.asks_certificates
    assert again.with_certificate(None, GATE) == Rules(given).with_certificate(None, GATE)


class _Sceptical(Rules):
    """Rules of a caller's own kind."""

    doubts = "none"

    @property
    def asks_certificates(self) -> bool:
        return False


def test_rules_of_ones_own_kind_are_the_same_on_other_machines(given: Path) -> None:
    rules = _Sceptical(given)
    rules.doubts = "many"
    again = pickle.loads(pickle.dumps(rules))
    assert isinstance(again, _Sceptical)
    assert (again.doubts, again.asks_certificates) == ("many", False)


async def _silent(connection: testing.Connection) -> None:
    await connection.start_tls(lax_context())
    while await connection.read():
        pass


async def test_a_grab_and_both_drivers_of_a_scan_ask_the_issuer(given: Path) -> None:
    rules = Rules(given)
    async with testing.serve(_silent) as server:
        with at_port_of_tls(server.port):
            grabs = [await banner.grab("127.0.0.1", server.port, rules=rules, mode="tls")]
            for driver in ("sweep", "streams"):
                async with banner.scan(
                    [banner.Target("127.0.0.1", server.port)], rules=rules, mode="tls", driver=driver
                ) as scan:
                    grabs += [grab async for grab in scan]
    services = [grab.service for grab in grabs]
    assert [(one.name, one.product) for one in services if one] == [("tls", "trustme")] * 3


def test_records_are_asked_again(given: Path) -> None:
    record = {
        "v": 1, "time": "2026-11-22T15:26:59.123Z", "host": "192.0.2.1", "port": 443, "status": "silent",
        "tls": {"version": "TLSv1.3", "certificate": {"sha256": "00", "subject": GATE.subject}},
        "timings": {"total": 0.09},
    }  # fmt: skip
    line = json.dumps(record).encode() + b"\n"
    found = json.loads(identify_line(line, Rules(given)))
    assert (found["service"]["name"], found["service"]["product"]) == ("tls", "Gate")
    assert list(found) == ["v", "time", "host", "port", "status", "service", "tls", "timings"]
    assert identify_line(line, Rules()) == line
    record["banner"] = "HTTP/1.1 200 OK\r\nServer: nginx/1.25.3\r\n\r\n"
    found = json.loads(identify_line(json.dumps(record).encode() + b"\n", Rules(given)))
    assert (found["service"]["product"], found["service"]["device"]) == ("nginx", "firewall")


def _attribute(name: bytes, value: bytes) -> bytes:
    """PartialAttribute (RFC 4511, section 4.1.7), of one value."""
    values = b"\x04" + bytes((len(value),)) + value
    content = b"\x04" + bytes((len(name),)) + name + b"1" + bytes((len(values),)) + values
    return b"0" + bytes((len(content),)) + content


def test_ldaps_raw_entry_speaks(given: Path) -> None:
    attributes = _attribute(b"vendorName", b"Acme") + _attribute(b"vendorVersion", b"2.5")
    entry = b"\x04\x000" + bytes((len(attributes),)) + attributes
    message = b"\x02\x01\x02d" + bytes((len(entry),)) + entry
    data = b"0" + bytes((len(message),)) + message
    for rules in (Rules(given), Rules(given, built_in=False)):
        found = rules.identify(data, port=389)
        assert found is not None
        assert (found.name, found.product, found.version) == ("ldap", "Directory", "2.5")


def test_checking_says_which_keys_never_speak(given: Path) -> None:
    assert "never speak" not in check(given).text()
    collection(given / "other.xml", SUBJECTS, "x509.keys", "x509")
    assert "1 rules for x509.keys: no field has this key, they never speak" in check(given).text()
