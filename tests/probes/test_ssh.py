"""SSH's identification, the lines before it, and the algorithms of full mode."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from banner import probes
from banner.probes._ssh import disconnect, exchange, packet

from .conversation import Played, client, play, server

SSH = probes.get("ssh")


def kexinit(*lists: bytes, padding: int = 4, number: int = 20) -> bytes:
    """A binary packet (RFC 4253, section 6) with the name-lists of section 7.1."""
    payload = bytes([number]) + bytes(16) + b"".join(len(each).to_bytes(4, "big") + each for each in lists)
    body = bytes([padding]) + payload + b"\0" * 5 + bytes(padding)
    return len(body).to_bytes(4, "big") + body


LISTS = (
    b"mlkem768x25519-sha256,none",
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
    assert details["kex_algorithms"] == ["mlkem768x25519-sha256", "none"]
    assert (details["encryption_to_server"], details["encryption_to_client"]) == (["aes1"], ["aes2"])
    assert (details["mac_to_server"], details["mac_to_client"]) == (["mac1"], ["mac2"])
    assert (details["compression_to_server"], details["compression_to_client"]) == (["zlib"], ["none"])
    # printf 'mlkem768x25519-sha256,none;aes2;mac2;none' | md5sum
    assert details["hassh_server"] == "6f155b9ad3d0405f3646edd72ea97bb2"


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


OFFERED = (b"curve25519-sha256", *LISTS[1:])


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def shown(*packets: bytes, offered: tuple[bytes, ...] = OFFERED) -> Played:
    """What comes of a server that answers our half of the exchange with `packets`."""
    lists = [name.split(b",") for name in offered[:8]]
    half = exchange(lists)
    assert half is not None
    turns = [
        server(b"SSH-2.0-x\r\n"),
        client(b"SSH-2.0-banner\r\n"),
        server(kexinit(*offered)),
        client(half),
        server(b"".join(packets)),
    ]
    return play(SSH, [*turns, client(disconnect())], deep=True)


@pytest.mark.parametrize(
    ("kind", "how"),
    [("ed25519", ()), ("rsa", ("-b", "2048")), ("ecdsa", ("-b", "521"))],
    ids=lambda it: str(it),
)
@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen")
def test_a_key_is_told_as_ssh_keygen_tells_it(kind: str, how: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, *how, "-N", "", "-f", file], check=True)
    told = subprocess.run(
        ["ssh-keygen", "-lf", file], check=True, capture_output=True, text=True
    ).stdout.split()
    name, blob = file.with_suffix(".pub").read_text().split()[:2]
    played = shown(packet(b"\x02" + string(b"ignored")), packet(b"\x1f" + string(b64decode(blob))))
    details = played.wire.details
    assert [str(details["host_key_bits"]), details["host_key_sha256"]] == told[:2]
    assert details["host_key_type"] == name
    assert played.missing == ()


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        string(b"ssh-ed25519"),
        string(b"ssh-ed25519") + string(b"short"),
        string(b"ssh-rsa") + string(b"\1\0\1"),
        string(b"ecdsa-sha2-nistp256") + string(b"nistp999") + string(b"\4"),
        string(b"x-unknown") + string(b"whatever"),
        string(b"\xff") + string(b"whatever"),
    ],
)
def test_a_key_of_no_known_form_is_not_told(blob: bytes) -> None:
    played = shown(packet(b"\x1f" + string(blob)))
    assert not any(
        name.startswith("host_key_") and name != "host_key_algorithms" for name in played.wire.details
    )
    assert played.service is not None


def test_one_name_of_each_list_is_offered_and_it_is_one_of_the_servers() -> None:
    offered = [
        [b"diffie-hellman-group-exchange-sha256", b"diffie-hellman-group1-sha1", b"ecdh-sha2-nistp256"],
        [b"ssh-dss", b"rsa-sha2-256", b"ssh-rsa"],
        *([b"first", b"second"] for _ in range(6)),
    ]
    half = exchange(offered)
    assert half is not None
    assert half[22:].startswith(
        string(b"ecdh-sha2-nistp256") + string(b"rsa-sha2-256") + string(b"first") * 6 + string(b"") * 2
    )


@pytest.mark.parametrize("at", [0, 1])
def test_nothing_is_begun_with_a_server_that_has_nothing_of_ours(at: int) -> None:
    offered = [name.split(b",") for name in OFFERED[:8]]
    offered[at] = [b"unheard-of"]
    assert exchange(offered) is None


def test_a_server_that_leaves_in_the_exchange_is_still_known() -> None:
    leaves = packet(b"\x01" + bytes(11))
    turns = [
        server(b"SSH-2.0-x\r\n"),
        client(b"SSH-2.0-banner\r\n"),
        server(kexinit(*OFFERED)),
        client(exchange([name.split(b",") for name in OFFERED[:8]]) or b""),
        server(leaves),
    ]
    played = play(SSH, turns, deep=True)
    assert played.service is not None
    assert "host_key_type" not in played.wire.details


@pytest.mark.parametrize("length", range(40))
def test_a_packet_is_whole_eights_with_four_bytes_of_padding(length: int) -> None:
    made = packet(bytes(length))
    assert len(made) % 8 == 0
    assert int.from_bytes(made[:4], "big") == len(made) - 4
    assert made[4] >= 4
    assert made[5 : len(made) - made[4]] == bytes(length)
