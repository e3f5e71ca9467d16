"""A trace tells what crossed the wire, byte for byte, and each decision; whatever it does costs no record."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path
from typing import Any

import pytest

from banner import Grab, Target, Timeouts, Tls, grab, scan, testing
from banner.visit.tracing import Lines, TraceFile
from tests.tls_peer import lax_context

SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"
QUICK = Timeouts(connect=3, read=0.3, total=9)


class Heard:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def opened(self, target: Target, ip: str) -> None:
        self.events.append(("opened", ip))

    def sent(self, target: Target, data: bytes) -> None:
        self.events.append(("sent", data))

    def received(self, target: Target, data: bytes) -> None:
        self.events.append(("received", data))

    def inside(self, target: Target, data: bytes, *, sent: bool) -> None:
        self.events.append(("said inside" if sent else "heard inside", data))

    def secured(self, target: Target, tls: Tls) -> None:
        self.events.append(("secured", tls.error))

    def decided(self, target: Target, why: str) -> None:
        self.events.append(("decided", why))

    def ended(self, target: Target, grab: Grab) -> None:
        self.events.append(("ended", grab))

    def of(self, kind: str) -> list[Any]:
        """What was told of one kind."""
        return [what for name, what in self.events if name == kind]

    def bytes_of(self, kind: str) -> int:
        return sum(map(len, self.of(kind)))


def as_counted(trace: Heard, told: Grab) -> bool:
    """Whether the trace has every byte that the record counts, and its connections."""
    return (trace.bytes_of("sent"), trace.bytes_of("received"), len(trace.of("opened"))) == (
        told.sent,
        told.received,
        told.connections,
    ) and trace.of("ended") == [told]


async def test_a_greeting_is_told_with_its_decisions() -> None:
    trace = Heard()
    async with testing.greeter(SSH) as server:
        told = await grab(server.host, server.port, trace=trace)
    assert as_counted(trace, told)
    assert [kind for kind, _ in trace.events] == ["opened", "decided", "received", "decided", "ended"]
    assert trace.of("decided")[0] == "begins: listens for 1 s"
    assert trace.of("decided")[1].startswith("heard 23 bytes of ssh after 0.")


async def test_each_hello_is_told_with_its_reason() -> None:
    for _ in range(5):  # where the machine stands still it is silent for longer
        trace = Heard()
        async with testing.silent() as server:
            told = await grab(server.host, server.port, timeouts=QUICK, trace=trace)
        if "after 0.3 s" in trace.of("decided")[1]:
            break
    assert as_counted(trace, told)
    says = [why.partition(": says ")[2] for why in trace.of("decided") if ": says " in why]
    assert [words.split()[0] for words in says] == list(told.said) != []
    assert trace.of("decided")[1] == "silent after 0.3 s: says tls"


async def test_what_is_said_inside_tls_is_told_in_plain_text_too() -> None:
    trace = Heard()
    async with testing.greeter(SSH, ssl=lax_context()) as server:
        told = await grab(server.host, server.port, timeouts=QUICK, trace=trace)
    assert as_counted(trace, told)
    assert trace.of("secured") == [None]
    assert trace.of("heard inside") == [SSH]


@pytest.mark.parametrize("mode", ["listen", "light"])
async def test_a_scan_is_traced_target_by_target(mode: str) -> None:
    trace = Heard()
    async with testing.greeter(SSH) as one, testing.refuser() as other:
        targets = [Target(server.host, server.port) for server in (one, other)]
        async with scan(targets, mode=mode, trace=trace, timeouts=QUICK) as results:
            grabs = [told async for told in results]
    assert sorted(trace.of("ended"), key=str) == sorted(grabs, key=str)
    assert trace.of("received") == [SSH]


async def test_a_trace_that_fails_is_logged_once_and_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Heard):
        def received(self, target: Target, data: bytes) -> None:
            raise KeyError("of the caller")

        def ended(self, target: Target, grab: Grab) -> None:
            raise ValueError

    async with testing.greeter(SSH) as server:
        told = await grab(server.host, server.port, trace=Failing())
    assert told.banner == SSH
    assert [record.message for record in caplog.records] == ["a fault of the trace at 127.0.0.1"]


async def test_the_wires_logger_is_heard_where_somebody_listens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "banner.wire")
    async with testing.greeter(b"220 \x1b[2J\r\n") as server:
        async with scan([Target(server.host, server.port)], mode="listen") as results:
            (told,) = [told async for told in results]
        assert await grab(server.host, server.port, mode="listen")
    lines = [record.message for record in caplog.records if record.name == "banner.wire"]
    assert len(lines) == 10
    assert rf"{told.where} <- 10: 220 \e[2J\r\n" in lines
    levels = {record.message.split()[1]: record.levelno for record in caplog.records}
    assert (levels["**"], levels["=="], levels["<-"]) == (logging.INFO, logging.INFO, logging.DEBUG)


async def test_nothing_is_told_where_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    async with testing.greeter(SSH) as server:
        await grab(server.host, server.port)
    assert not caplog.records


def test_a_sweep_cannot_be_traced() -> None:
    with pytest.raises(ValueError, match="over streams"):
        scan([], driver="sweep", trace=Heard())


def test_a_file_is_appended_to_from_several_processes(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    for trace in (TraceFile(str(path)), pickle.loads(pickle.dumps(TraceFile(str(path))))):
        trace.decided(Target("2001:db8::1", 22), "begins: listens")
    assert [line.split(" ", 1)[1] for line in path.read_text().splitlines()] == [
        "[2001:db8::1]:22 ** begins: listens"
    ] * 2
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OSError, match="directory"):
        TraceFile(str(tmp_path))


def test_what_is_long_is_cut_and_what_a_terminal_obeys_is_escaped() -> None:
    lines: list[str] = []
    Lines(lines.append).received(Target("192.0.2.1", 1), b"\xff\x1b" + b"a" * 2000)
    assert lines[0].endswith(rf" <- 2002: \xff\e{'a' * 510} and 1490 more" + "\n")


async def test_what_is_asked_over_udp_is_told() -> None:
    trace = Heard()
    async with testing.udp.echo() as server:
        told = await grab(server.host, server.port, transport="udp", trace=trace)
    assert (trace.bytes_of("sent"), trace.bytes_of("received")) == (told.sent, told.received)
    assert (len(trace.of("sent")), trace.of("ended")) == (1, [told])
