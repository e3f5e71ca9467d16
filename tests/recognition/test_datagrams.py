"""What the rules make of what dialogues over UDP learned; and whose rules are asked of datagrams."""

from __future__ import annotations

from pathlib import Path

import pytest

from banner import Rules, Service, Transport
from banner.models import Settings
from banner.plan.exchange import Exchange
from banner.plan.greeting import merge
from banner.plan.questions import questions
from banner.recognition.datagrams import CARRIED, told
from banner.recognition.identify import built_in_rules
from tests.probes.conversation import Recording
from tests.probes.recordings import everything

RECORDED = everything(Transport.UDP)


def found(service: str, details: dict[str, object], rules: Rules | None = None) -> Service:
    fresh = (rules or built_in_rules()).fresh(b"\x84\0", None, service, told(service, details), datagram=True)
    assert fresh is not None
    assert fresh.name == service
    return fresh


@pytest.mark.parametrize(
    ("service", "details", "product", "version"),
    [
        ("dns", {"version_bind": "unbound 1.17.1"}, "unbound", "1.17.1"),
        ("stun", {"software": "Coturn-4.6.1 'Gorst'"}, "coturn", "4.6.1"),
        ("ssdp", {"server": "Debian/6.1.0 UPnP/1.1 MiniUPnPd/2.3.1"}, "MiniUPnPd", "2.3.1"),
        ("sip", {"server": "kamailio (5.6.3 (x86_64/linux))"}, "Kamailio", "5.6.3"),
        ("ntp", {"version": "ntpd 4.2.8p15@1.3728-o", "processor": "x86_64", "os": "Linux/5.10"}, "NTP", "4.2.8p15"),
        ("snmp", {"description": "Cisco Adaptive Security Appliance Version 9.8(2)"},
         "Adaptive Security Appliance", "9.8(2)"),
        ("ike", {"vendor_ids": ["DPD", "strongSwan"]}, "strongSwan", None),
        ("dns", {"version_bind": "gdnsd/3"}, "gdnsd", "3"),
        ("sip", {"server": "baresip v1.0.0 (x86_64/linux)"}, "baresip", "1.0.0"),
        ("tftp", {"error": "file /srv/tftp/x not found for 192.0.2.7"}, "Dnsmasq", None),
        ("coap", {"resources": ["/", "https://host.example/tools/aiocoap/#version-0.4.17"]}, "aiocoap", "0.4.17"),
        ("mdns", {"txt": ["org.freedesktop.Avahi.cookie=1"], "services": ["_workstation._tcp"]}, "Avahi", None),
    ],
)  # fmt: skip
def test_products(service: str, details: dict[str, object], product: str, version: str | None) -> None:
    answer = found(service, details)
    assert (answer.product, answer.version) == (product, version)
    assert answer.confidence >= 0.85


@pytest.mark.parametrize(
    ("service", "details", "product", "version"),
    [
        ("sip", {"server": "qwertz v1.0.0 (x86_64/linux)"}, "qwertz", "1.0.0"),
        ("sip", {"user_agent": "Qwertz-Phone/2.13 (Linux)"}, "Qwertz-Phone", "2.13"),
    ],
)
def test_products_by_their_shape(
    service: str, details: dict[str, object], product: str, version: str
) -> None:
    answer = found(service, details)
    assert (answer.product, answer.version) == (product, version)
    assert answer.confidence == 0.6


def test_of_upnp_the_product_is_told_and_not_what_it_runs_on() -> None:
    fields = told("ssdp", {"server": "node.js/20.20.2 UPnP/1.1 node-ssdp/4.0.1"})
    fresh = built_in_rules().fresh(b"HTTP/1.1 200 OK\r\n\r\n", 1900, "ssdp", fields, datagram=True)
    told_as = merge(Service("ssdp"), fresh, "ssdp")
    assert (told_as.name, told_as.product, told_as.version) == ("ssdp", "node-ssdp", "4.0.1")


def test_systems_and_devices() -> None:
    debian = "Linux host 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64"
    agent = found("snmp", {"description": debian, "object_id": "1.3.6.1.4.1.8072.3.2.10"})
    assert (agent.product, agent.os) == ("Net-SNMP", "Debian Linux")
    assert found("mdns", {"services": ["_http._tcp", "_ipp._tcp"]}).device == "printer"
    assert found("netbios-ns", {"names": ["DC<00>", "CORP<1c>"]}).device == "domain controller"
    assert found("ike", {"vendor_ids": ["Windows"]}).os == "Microsoft Windows"
    assert "macOS" in (found("mdns", {"txt": ["model=MacBookPro15,1"]}).os or "")


@pytest.mark.parametrize("name", ["dns", "stun", "ssdp", "sip", "memcached", "mumble"])
def test_recorded_servers_have_a_product(name: str) -> None:
    for recording in RECORDED[name]:
        if recording.service is None or recording.details.get("rcode") == "REFUSED":
            continue
        assert recording.service.product or found(name, recording.details).product, recording.title


def test_an_exchange_asks_the_rules_about_what_was_learned() -> None:
    from banner import Target

    recording: Recording = RECORDED["stun"][0]
    exchange = Exchange(
        Target("192.0.2.1", 3478, transport=Transport.UDP),
        Settings(),
        questions(Settings()),
        b"\0" * 32,
        100.0,
    )
    exchange.begin(0.0)
    (asked,) = exchange.leaving()
    (answer,) = [turn.data for turn in recording.turns if turn.who == "server"]
    exchange.arrived(answer[:8] + asked[8:20] + answer[20:], 0.1)
    assert exchange.service is not None
    assert (exchange.service.product, exchange.service.version) == ("coturn", "4.6.1")


KEYS = [
    ("snmp.sys_description", "snmp", {"description": "Qwxyz 7"}),
    ("snmp.sys_object_id", "snmp", {"object_id": "1.3.6.1.4.1.77777.7"}),
    ("ntp.banner", "ntp", {"version": "Qwxyz 7"}),
    ("mdns.device-info_txt", "mdns", {"txt": ["model=Qwxyz 7"]}),
    ("mdns.workstation_txt", "mdns", {"txt": ["Qwxyz 7"]}),
    ("upnp.server", "ssdp", {"server": "Qwxyz 7"}),
    ("ssdp_header.server", "ssdp", {"server": "Qwxyz 7"}),
]


@pytest.mark.parametrize(("key", "service", "details"), KEYS, ids=[key for key, *_ in KEYS])
def test_the_keys_of_recogs_collections_are_asked(
    tmp_path: Path, key: str, service: str, details: dict[str, object]
) -> None:
    path = tmp_path / "given.xml"
    path.write_text(
        f'<fingerprints matches="{key}" protocol="{service}"><fingerprint pattern="(?:Qwxyz |77777\\.)(7)">'
        '<description>t</description><param pos="0" name="service.product" value="Qwxyz"/>'
        '<param pos="1" name="service.version"/></fingerprint></fingerprints>'
    )
    answer = found(service, details, Rules(path, built_in=False, remembered=0))
    assert (answer.product, answer.version) == ("Qwxyz", "7")


NMAP = r"""Probe TCP NULL q||
match frob m|^FROB| p/Greeted/
Probe UDP Ask q|x|
match frob m|^FROB (\d+)| p/Asked/ v/$1/
softmatch soft m|^SOFT|
match soft m|^SOFT (\w+)| p/$1/
match isakmp m|^\x84| p/Gateway/
"""


def test_nmaps_lines_for_udp_are_asked_of_datagrams_alone(tmp_path: Path) -> None:
    path = tmp_path / "nmap-service-probes"
    path.write_text(NMAP)
    rules = Rules(path, built_in=False, remembered=0)

    def product(data: bytes, *, datagram: bool) -> str | None:
        answer = rules.fresh(data, 7, datagram=datagram)
        return answer.product if answer else None

    assert product(b"FROB 12", datagram=True) == "Asked"
    assert product(b"FROB 12", datagram=False) == "Greeted"
    assert product(b"SOFT ware", datagram=True) == "ware"
    assert product(b"SOFT ware", datagram=False) is None
    gateway = rules.fresh(b"\x84\0", 500, "ike", datagram=True)
    assert gateway is not None
    assert (gateway.name, gateway.product) == ("ike", "Gateway")


@pytest.mark.parametrize("port", [7, 23, 443, 1883, 3306, 27015])
@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"\xff\xfd\x18\xff\xfd\x20",
        b"login: ",
        b"\x02\x02\x00\x00\xff\x02\x02\x01",
        b"\x4a\x00\x00\x00\x0a8.0.36\x00" + bytes(65),
        b"\x00\x80\x01\x00\xff\x00\x00\x00\x00\x02\xff\xff\x01\x00\x00\x00\xff\x00\xff\xff",
        b"\x15\x03\x03\x00\x02\x02\x28",
        b"220 mail.example ESMTP Postfix\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_a_datagram_is_of_no_protocol_that_only_connections_carry(data: bytes, port: int) -> None:
    found = built_in_rules().fresh(data, port, datagram=True)
    assert found is None or found.name in CARRIED
    assert built_in_rules().fresh(data, 3306 if port == 7 else port) is not None


@pytest.mark.parametrize(
    ("data", "port", "name"),
    [
        (b"SIP/2.0 200 OK\r\nVia: a\r\nCall-ID: b\r\nCSeq: 1 OPTIONS\r\n\r\n", 7000, "sip"),
        (b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n", 7000, "http"),
        (b"\x00\x00\x84\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01", 7000, "dns"),
        (b"Saturday, November 28, 2026 01:02:03-UTC\r\n", 13, "daytime"),
        (b"\xeb\x00\x00\x00", 37, "time"),
    ],
)
def test_a_datagram_is_known_by_its_form_where_udp_carries_that(data: bytes, port: int, name: str) -> None:
    found = built_in_rules().fresh(data, port, datagram=True)
    assert found is not None
    assert found.name == name
