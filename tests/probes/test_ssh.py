"""SSH's identification, the lines before it, and the algorithms of full mode."""

from __future__ import annotations

import pytest

from banner import probes

from .conversation import client, play, server

SSH = probes.get("ssh")


def kexinit(*lists: bytes, padding: int = 4, number: int = 20) -> bytes:
    """A binary packet (RFC 4253, section 6) with the name-lists of section 7.1."""
    payload = bytes([number]) + bytes(16) + b"".join(len(each).to_bytes(4, "big") + each for each in lists)
    body = bytes([padding]) + payload + b"\0" * 5 + bytes(padding)
    return len(body).to_bytes(4, "big") + body


LISTS = (
    b"curve25519-sha256,none",
    b"ssh-ed25519",
    b"aes1",
    b"aes2",
    b"mac1",
    b"mac2",
    b"zlib",
    b"none",
    b"",
    b"",
)


def test_light_mode_says_nothing() -> None:
    played = play(SSH, [server(b"SSH-2.0-OpenSSH_9.2p1\r\n")])
    assert not played.wire.sent
    assert played.waits == 0


def test_lines_before_the_identification_are_kept() -> None:
    played = play(SSH, [server(b"Go away\r\n\r\nReally\r\nSSH-1.99-Cisco-1.25\n")])
    assert played.service is not None
    assert played.wire.details == {
        "lines_before": ["Go away", "Really"],
        "protocol_version": "1.99",
        "software": "Cisco-1.25",
    }


def test_lines_without_an_identification_are_let_go_after_a_pause() -> None:
    played = play(SSH, [server(b"Go away\r\n")])
    assert played.service is None
    assert played.ended is None
    assert played.waits == 1


@pytest.mark.parametrize(
    "line", [b"SSH-\r\n", b"SSH-2.0\r\n", b"SSH-2.0-\r\n", b"SSH-a.b-c\r\n", b"SSH-2.0- x\r\n"]
)
def test_a_line_that_only_begins_alike_is_not_claimed(line: bytes) -> None:
    assert play(SSH, [server(line)]).service is None


def test_the_lists_both_ways_and_their_fingerprint() -> None:
    said = [server(b"SSH-2.0-x\r\n"), client(b"SSH-2.0-banner\r\n"), server(kexinit(*LISTS))]
    details = play(SSH, said, deep=True).wire.details
    assert details["kex_algorithms"] == ["curve25519-sha256", "none"]
    assert (details["encryption_to_server"], details["encryption_to_client"]) == (["aes1"], ["aes2"])
    assert (details["mac_to_server"], details["mac_to_client"]) == (["mac1"], ["mac2"])
    assert (details["compression_to_server"], details["compression_to_client"]) == (["zlib"], ["none"])
    # printf 'curve25519-sha256,none;aes2;mac2;none' | md5sum
    assert details["hassh_server"] == "865660546471a7cf83b1b040fb500d22"


@pytest.mark.parametrize(
    "packet",
    [
        kexinit(*LISTS, number=21),
        kexinit(*LISTS[:5]),
        kexinit(*LISTS, padding=4)[:4] + b"\xff" + kexinit(*LISTS)[5:],
        b"\xff\xff\xff\xff" + bytes(40),
        b"\0\0\0\0",
    ],
    ids=[
        "another message",
        "lists missing",
        "padding beyond the packet",
        "a length beyond reason",
        "no length",
    ],
)
def test_a_packet_that_is_no_kexinit_costs_only_itself(packet: bytes) -> None:
    said = [server(b"SSH-2.0-x\r\n"), client(b"SSH-2.0-banner\r\n"), server(packet)]
    played = play(SSH, said, deep=True)
    assert played.service is not None
    assert played.wire.details == {"protocol_version": "2.0", "software": "x"}


def test_version_1_is_not_asked_for_algorithms_that_it_lacks() -> None:
    assert not play(SSH, [server(b"SSH-1.5-1.2.27\n")], deep=True).wire.sent
