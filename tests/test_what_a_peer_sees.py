"""docs/what-a-peer-sees.md shows what is said, byte for byte, in every mode."""

from __future__ import annotations

import pytest

import banner
from banner import Mode, Probe, Target, Transport, grab, probes, scan, testing
from tests.peer_sees import HOST, PAGE, PEERS, QUICK, blocks, capture, datagrams


@pytest.mark.parametrize(("peer", "mode"), list(blocks()), ids=str)
async def test_it_sees_what_the_page_shows(peer: str, mode: Mode) -> None:
    assert await capture(peer, mode) == blocks()[peer, mode]


def test_what_is_asked_over_udp_is_shown() -> None:
    rows = [
        line for line in PAGE.read_text().partition("## Over UDP")[2].splitlines() if line.startswith("| `")
    ]
    assert rows == datagrams()


ABOVE = [probe for probe in probes.all(Transport.UDP) if probe.ports and 1024 <= probe.ports[0] < 32768]


@pytest.mark.parametrize("probe", ABOVE, ids=lambda probe: probe.name)
async def test_a_peer_at_its_port_hears_that_datagram_and_no_other(probe: Probe) -> None:
    (row,) = [row for row in datagrams(HOST) if row.startswith(f"| `{probe.name}` |")]
    mode = Mode.FULL if probe.full or probe.fragile else Mode.LIGHT
    async with testing.udp.silent(host=HOST, port=probe.ports[0]) as server:
        settings = banner.Settings(mode=mode, probes=(probe.name,), timeouts=QUICK)
        async with scan(
            [Target(server.host, server.port, transport=Transport.UDP)], settings=settings
        ) as results:
            (told,) = [told async for told in results]
    assert told.said == (probe.name,)
    assert [len(data) for data in server.received] == [int(row.split("|")[4])]


@pytest.mark.parametrize("port", [9100, 9107, 20000])
async def test_printers_and_controllers_hear_nothing(port: int) -> None:
    async with testing.udp.silent(host=HOST, port=port) as server:
        told = await grab(server.host, server.port, transport="udp", mode="full", timeouts=QUICK)
    assert (server.received, told.sent, told.said) == ([], 0, ())


def test_every_mode_and_peer_is_shown() -> None:
    assert {mode for _, mode in blocks()} == set(Mode)
    assert {peer for peer, _ in blocks()} == set(PEERS)
