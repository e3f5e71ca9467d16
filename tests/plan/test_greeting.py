"""What a greeting says: the dialogue's word first, the rules for what it leaves open."""

from __future__ import annotations

import pytest

from banner import probes
from banner.models import Service
from banner.plan.greeting import merge, read_on

RULED = Service(
    "ssh", "OpenBSD", "OpenSSH", "9.2p1", os="Debian", device="host", info="by rules", cpe=("cpe:a",), confidence=0.8,
    rule="ssh/openssh",
)  # fmt: skip


def test_without_rules_the_dialogue_stands_alone() -> None:
    assert merge(Service("ssh"), None, "ssh") == Service("ssh", confidence=0.9, rule="probe/ssh")
    sure = Service("ssh", confidence=0.6, rule="mine")
    assert merge(sure, None, "ssh") == sure


def test_a_dialogue_without_a_product_completes_what_the_rules_say() -> None:
    found = merge(Service("imap", version="2", device="phone", confidence=0.9), RULED, "imap")
    assert (found.name, found.product, found.rule) == ("imap", "OpenSSH", "ssh/openssh")
    assert (found.version, found.device, found.info, found.os) == ("2", "phone", "by rules", "Debian")
    assert found.confidence == 0.9
    assert merge(Service("imap"), RULED, "imap").confidence == 0.8


def test_the_vendor_that_a_dialogue_knows_stays_where_the_rules_know_none() -> None:
    assert merge(Service("snmp", "Net-SNMP"), Service("snmp", confidence=0.5), "snmp").vendor == "Net-SNMP"
    assert merge(Service("ssh", "Acme"), RULED, "ssh").vendor == "OpenBSD"


def test_a_dialogue_with_a_product_is_completed_by_the_rules() -> None:
    found = merge(Service("ssh", product="OpenSSH", cpe=("cpe:b", "cpe:a")), RULED, "ssh")
    assert found == Service(
        "ssh", "OpenBSD", "OpenSSH", "9.2p1", os="Debian", device="host", info="by rules", cpe=("cpe:b", "cpe:a"),
        confidence=0.95, rule="probe/ssh",
    )  # fmt: skip
    own = Service("ssh", "V", "OpenSSH", "1", os="O", device="D", info="I", confidence=0.7)
    found = merge(own, RULED, "ssh")
    assert (found.vendor, found.version, found.os, found.device, found.info) == ("V", "1", "O", "D", "I")
    assert found.confidence == 0.8


def test_the_version_of_another_product_is_not_taken() -> None:
    assert merge(Service("ssh", product="Dropbear"), RULED, "ssh").version is None


@pytest.mark.parametrize("mute", [False, True])
def test_who_would_speak_is_the_one_to_go_on_unless_that_is_forbidden(mute: bool) -> None:
    smtp = probes.get("smtp")
    service = Service("smtp", product="Postfix", confidence=0.9)
    reading = read_on(b"220 mail.example ESMTP Postfix\r\n", 25, smtp, service, deep=False, mute=mute)
    assert (reading.follow is smtp) is not mute
    assert reading.service is not None
    assert reading.service.product == "Postfix"
