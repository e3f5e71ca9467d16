"""UDP targets of a scan where something is short: the rate, a turn, ports, descriptors."""

from __future__ import annotations

import errno
from typing import Any, Literal

import pytest

import banner
from banner import Settings, Status, Target, Timeouts, Transport
from banner.plan.refusals import Refusals
from banner.sweep import inquiries
from banner.sweep.admission import Admission
from banner.sweep.attempts import Attempt
from banner.sweep.inquiry import inquiring
from banner.testing import udp
from banner.visit import udp as sockets
from banner.visit.source import source
from tests.sweep.test_inquiries import DRIVERS, scanned


async def test_every_datagram_but_the_first_is_owed_to_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a silent port is asked once more, for its refusal may have been kept back."""
    owed: list[int] = []
    monkeypatch.setattr(Refusals, "doubtful", lambda *_: True)
    monkeypatch.setattr(Refusals, "turn", lambda *_: 0.0)
    monkeypatch.setattr(Admission, "owe", lambda _self, count, _now: owed.append(count))
    async with udp.silent() as server:
        target = Target(server.host, server.port, transport=Transport.UDP)
        grabs = await scanned([target] * 3, driver="sweep", rate=1000.0)
    assert [grab.details["datagrams"] for grab in grabs] == [2, 2, 2]
    assert sum(owed) == 3


def test_what_a_target_waits_for_its_turn_at_a_further_address_is_none_of_its_time() -> None:
    attempt = Attempt(Target("two.test", 20053, transport=Transport.UDP), ("192.0.2.1", "192.0.2.2"))
    attempt.start(0.0)
    settings = Settings(timeouts=Timeouts(read=1.0, total=2.0))
    inquiry = inquiring(settings)(attempt)
    inquiry.ask_at(attempt, 0.0)
    inquiry.leaving()
    inquiry.failed(Status.REFUSED, "no")
    attempt.at, attempt.held = 1, 0.5
    attempt.start(100.0)
    inquiry.ask_at(attempt, 100.0)
    assert (inquiry.until, inquiry.deadline) == (101.0, 101.5)
    inquiry.arrived(b"answer", 100.25)
    grab = inquiry.record(attempt, 0.0, 100.25, None, None)
    assert (grab.status, grab.timings.first_byte, grab.timings.total) == (Status.BANNER, 0.75, 0.75)


@pytest.mark.parametrize("driver", DRIVERS)
async def test_what_runs_out_comes_back(
    driver: Literal["sweep", "streams"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No port is free for the first few that ask: they ask again."""
    short = iter([errno.EAGAIN, errno.EMFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS])
    send = sockets.Socket.send

    def lacking(self: sockets.Socket, data: bytes) -> Any:
        if (number := next(short, None)) is not None:
            raise OSError(number, "none left")
        return send(self, data)

    monkeypatch.setattr(sockets.Socket, "send", lacking)
    async with udp.answerer(b"pong") as server:
        targets = [Target(server.host, server.port, transport=Transport.UDP)] * 3
        grabs = await scanned(targets, driver=driver)
    assert [g.banner for g in grabs] == [b"pong"] * 3


async def test_what_others_hold_is_waited_for_as_long_as_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several workers have the machine's ports between them: more than a few tries may find none free."""
    monkeypatch.setattr(inquiries, "BACKOFF", (0.001,) * 3)
    monkeypatch.setattr("banner.plan.exchange.ANSWER", 60.0)
    tries, send = 0, sockets.Socket.send

    async with udp.silent() as holder, udp.answerer(b"pong") as server:

        def lacking(self: sockets.Socket, data: bytes) -> Any:
            nonlocal tries
            if self._address[1] == server.port and (tries := tries + 1) < 20:
                raise OSError(errno.EAGAIN, "none left")
            return send(self, data)

        monkeypatch.setattr(sockets.Socket, "send", lacking)
        targets = [Target(one.host, one.port, transport=Transport.UDP) for one in (holder, server)]
        patient = Timeouts(read=60, total=60)
        async with banner.scan(targets, driver="sweep", timeouts=patient) as results:
            grab = await anext(results)
    assert (grab.port, grab.banner, tries) == (server.port, b"pong", 20)


async def test_an_address_that_this_machine_lacks_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others that are under way hold none: each address of IPv6 meets this where that is switched off."""
    monkeypatch.setattr(inquiries, "BACKOFF", (0.001,) * 3)
    monkeypatch.setattr("banner.plan.exchange.ANSWER", 60.0)
    tries, send = 0, sockets.Socket.send

    async with udp.silent() as holder, udp.silent() as other:

        def lacking(self: sockets.Socket, data: bytes) -> Any:
            nonlocal tries
            if self._address[1] == other.port:
                tries += 1
                raise OSError(errno.EADDRNOTAVAIL, "none here")
            return send(self, data)

        monkeypatch.setattr(sockets.Socket, "send", lacking)
        targets = [Target(one.host, one.port, transport=Transport.UDP) for one in (holder, other)]
        patient = Timeouts(read=60, total=60)
        async with banner.scan(targets, driver="sweep", timeouts=patient) as results:
            grab = await anext(results)
    assert (grab.port, grab.status, tries) == (other.port, Status.LOCAL_ERROR, 4)


@pytest.mark.parametrize("driver", DRIVERS)
async def test_what_stays_out_is_told(
    driver: Literal["sweep", "streams"], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(self: sockets.Socket, data: bytes) -> Any:
        raise OSError(errno.EAGAIN, "none left")

    monkeypatch.setattr(sockets.Socket, "send", lacking)
    [grab] = await scanned(
        [Target("127.0.0.1", 9, transport=Transport.UDP)], driver=driver, timeouts=Timeouts(total=0.3)
    )
    assert (grab.status, grab.transport) == (Status.LOCAL_ERROR, "udp")
    assert (grab.error or "").startswith("EAGAIN")


async def test_a_range_of_ports_that_was_given_is_used_whole(caplog: pytest.LogCaptureFixture) -> None:
    try:
        place = source("127.0.0.1:40100-40199")
    except ValueError:
        pytest.skip("before Linux 6.3 no range can be given")
    async with udp.silent() as server:
        target = Target(server.host, server.port, transport=Transport.UDP)
        grabs = await scanned([target] * 40, driver="sweep", source=place)
    assert [grab.status for grab in grabs] == [Status.SILENT] * 40
    assert caplog.records == []  # nobody had to wait for a port
