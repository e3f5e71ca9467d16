"""Keys over UDP: what is read of IKE's and DTLS' answers that no daemon here gives."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from banner import Service, Transport, probes
from banner.dialogue import Datagrams
from banner.dialogue.datagrams import NONCE
from banner.probes.udp import _isakmp
from banner.probes.udp._proposals import version_1
from banner.recognition.datagrams import told as from_details
from banner.recognition.identify import built_in_rules
from banner.tls.server_flight import Flight

from ..conversation import client, server
from ..datagrams import exchange, told
from ..recordings import everything

# -- IKE -----------------------------------------------------------------------------------------------------


def gateway(*vendors: bytes) -> bytes:
    """A gateway's answer to version 1: it takes the first proposal, and shows its vendor ids."""
    kinds = [*[_isakmp.VENDOR_1] * len(vendors), 0]
    body = _isakmp.payload(kinds[0], bytes(8))
    for data, (_, following) in zip(vendors, pairwise(kinds), strict=True):
        body += _isakmp.payload(following, data)
    return _isakmp.header(NONCE[8:16], _isakmp.SA_1, 1, 2, 0, body)


def test_vendor_ids_name_their_makers() -> None:
    ours = [hashlib.md5(name).digest() for name in (b"strongSwan", b"RFC 3947")]
    played = told("isakmp", gateway(*ours, b"\x01\x02\x03", b"Some Gateway"))
    assert played.service == Service("ike")
    found = built_in_rules().fresh(b"\0", 500, "ike", from_details("ike", played.wire.details), datagram=True)
    assert found is not None
    assert (found.name, found.product) == ("ike", "strongSwan")
    assert played.wire.details == {
        "versions": ["1"],
        "notify_v1": "proposal chosen",
        "vendor_ids": ["strongSwan", "NAT-T (RFC 3947)", "010203", "Some Gateway"],
    }


def test_a_gateway_of_another_version_is_told_by_that() -> None:
    notify = _isakmp.payload(0, b"\0\0\0\1\1\0\0\5")
    old = _isakmp.header(NONCE[:8], _isakmp.NOTIFY_1, 1, 5, 0, notify)
    assert told("ike", old).wire.details == {"versions": ["1"], "notify": "invalid major version"}


def test_four_zero_bytes_come_first_at_4500() -> None:
    assert bytes(told("isakmp", port=4500).wire.sent) == bytes(4) + version_1(NONCE[8:16])
    assert told("isakmp", bytes(4) + gateway(), port=4500).service is not None


# -- DTLS ----------------------------------------------------------------------------------------------------


def test_an_alert_is_an_answer() -> None:
    played = told("dtls", b"\x15\xfe\xfd" + bytes(8) + b"\0\2\2\x28")
    assert played.service is not None
    assert played.wire.details == {"cookie": False, "alert": "handshake_failure"}


def shown(*answers: bytes) -> Flight:
    wire = told("dtls", *answers).wire
    assert isinstance(wire, Datagrams)
    assert isinstance(wire.flight, Flight)
    return wire.flight


def test_a_flight_in_any_order_is_put_together() -> None:
    for recording in everything(Transport.UDP)["dtls"]:
        (first, *flight) = [turn.data for turn in recording.turns if turn.who == "server"]
        expected = shown(first, *flight)
        for order in (flight[::-1], [*flight[1::2], *flight[::2]], [one for one in flight for _ in "ab"]):
            found = shown(first, *order)
            assert found.chain
            assert (found.chain, found.version, found.cipher) == (expected.chain, "DTLSv1.2", expected.cipher)


def test_the_cookie_comes_back() -> None:
    hello = b"\x16\xfe\xff" + bytes(8)
    body = b"\xfe\xff\4abcd"
    message = b"\3\0\0\7\0\0\0\0\0\0\0\7" + body
    turns = [server(hello + len(message).to_bytes(2, "big") + message)]
    sent = bytes(exchange(probes.get("dtls", Transport.UDP), [*turns, client(b"")], strict=False).wire.sent)
    assert sent.count(b"\4abcd") == 1


def test_a_cookie_that_is_cut_short_behind_a_hello_is_none() -> None:
    def record(content: bytes) -> bytes:
        return b"\x16\xfe\xfd" + bytes(8) + len(content).to_bytes(2, "big") + content

    for size in range(1, 20):
        played = told("dtls", record(b"\2") + record(b"\3" + bytes(11) + b"\xfe\xfd\x20" + bytes(9)[:size]))
        assert played.service is not None
        assert played.wire.details["cookie"] is False
