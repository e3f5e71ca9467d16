"""The way out that a caller chooses, proxy, source and resolver: as a peer sees it, and on the command line."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Target, testing
from banner.cli.commands.output import arguments
from banner.cli.options import build_parser
from banner.visit.source import source
from tests.command import Servers, records, run
from tests.own_address import own_address
from tests.visit.name_server import name_server

# -- where connections begin --------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is this machine on Linux")
@pytest.mark.parametrize("driver", ["sweep", "streams", None])
async def test_a_peer_sees_the_source(driver: Any) -> None:
    seen: list[str] = []

    async def look(connection: testing.Connection) -> None:
        seen.append(connection.peer)
        await connection.write(b"hi\r\n")

    begin = source("127.0.0.77")
    async with testing.serve(look) as server:
        async with banner.scan(
            [Target("127.0.0.1", server.port)] * 3, driver=driver, source=begin
        ) as results:
            assert [grab.banner async for grab in results] == [b"hi\r\n"] * 3
        assert (await banner.grab("127.0.0.1", server.port, source=begin)).banner == b"hi\r\n"
    assert seen == ["127.0.0.77"] * 4


@pytest.mark.parametrize("place", ["192.0.2.1", "127.0.0.1:9-1", "127.0.0.1:x", "nonsense", "[::1", ""])
def test_a_source_that_cannot_be_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match=r"source|sent from|address"):
        source(place)
    assert source() is None


@pytest.mark.skipif(sys.platform != "linux", reason="a range of ports for each socket is Linux'")
async def test_ports_that_the_system_would_not_take_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take others, and say nothing."""
    monkeypatch.setattr("banner.visit.source.chosen_ports", lambda: (32768, 60999))
    for ports in ("10000-10010", "61000-61010"):
        with pytest.raises(ValueError, match="32768-60999"):
            source(f"127.0.0.1:{ports}")
    async with testing.greeter(b"hi\r\n") as server:
        grab = await banner.grab(server.host, server.port, source=banner.Source(ports=(10000, 10010)))
        assert grab.status is banner.Status.LOCAL_ERROR
        assert "EADDRNOTAVAIL" in str(grab.error)
        assert server.connections == 0


# -- the command line ---------------------------------------------------------------------------------


@pytest.fixture
def names() -> Iterator[str]:
    """A name server that knows one address for all names; the address at which it listens."""
    address = own_address(53)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(name_server(address, 53))
        except OSError:
            pytest.skip("port 53 is not permitted here")
        yield address


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is this machine on Linux")
def test_the_command_line_has_them_all(names: str, tmp_path: Path) -> None:
    with Servers() as servers:
        seen: list[str] = []

        async def look(connection: testing.Connection) -> None:
            seen.append(connection.peer)
            await connection.write(b"hi\r\n")

        server = servers.start(lambda: testing.serve(look))
        done = run("scan", f"some.example:{server.port}", "--mode", "listen", "-o", "-", "--dns", names,
                   "--dns-timeout", "3", "--dns-rate", "50", "--source", "127.0.0.78")  # fmt: skip
        (record,) = records(done.stdout)
        assert (record["banner"], record["ip"], seen) == ("hi\r\n", "127.0.0.1", ["127.0.0.78"])
        script = [(b"\x05\x02\x00\x02", b"\x05\xff")]
        proxy = servers.start(lambda: testing.conversation(script))
        out = tmp_path / "scan.jsonl"
        url = f"socks5://me:secret@127.0.0.1:{proxy.port}"
        run("scan", f"127.0.0.1:{server.port}", "-o", str(out), "--proxy", url)
        (record,) = records(out.read_bytes())
        assert record["status"] == "local-error"
        assert "secret" not in out.read_text()


@pytest.mark.parametrize(
    "words", [("--proxy", "ftp://x"), ("--source", "192.0.2.1"), ("--dns", "ns.example")]
)
def test_the_command_line_refuses_what_cannot_be(words: tuple[str, str]) -> None:
    done = run("scan", "127.0.0.1:9", "-o", "-", *words)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_no_password_is_written_down(tmp_path: Path) -> None:
    parser = build_parser()
    options = parser.parse_args(["scan", "127.0.0.1:9", "--proxy", "socks5://me:secret@127.0.0.1"])
    assert "secret" not in str(arguments(options))
    assert arguments(options)["proxy"] == "socks5://127.0.0.1:1080"
