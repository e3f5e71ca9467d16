"""The real driver over scripted sockets, selector and clock: whatever peers do, each target has one outcome.

Hypothesis plays the peers, the kernel and the loop: connections that come at once, late or never, bytes of every kind,
ends and resets at every step, deadlines that fall together, hands that are given away.
"""

from __future__ import annotations

import errno
from collections import Counter
from typing import Any
from unittest import mock

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from banner import Grab, Status, Target, Timeouts
from banner.models import Mode, Settings
from banner.plan.planner import planner
from banner.sweep import connector, driver, handover, outcomes
from banner.sweep.admission import Admission
from banner.sweep.attempts import Attempt
from banner.sweep.backoff import Backoff
from banner.sweep.results import Results
from banner.sweep.selector import READABLE
from banner.sweep.states import LIVE, Event, State
from banner.visit.resolver import Resolver
from tests.sweep.scripted import LATER, PORTS, SAYINGS, Loop, Peer, World


class Handed(handover.Handover[Grab]):
    """The streams driver, played: it ends what it was given when it is told to."""

    given: list[tuple[Attempt, Any]]

    def _start(self, attempt: Attempt, visit: Any, work: Any) -> None:
        work.close()
        assert attempt.state is State.GIVEN
        self.given.append((attempt, visit))

    def __len__(self) -> int:
        return len(self.given)

    def end_one(self, world: World) -> None:
        attempt, visit = self.given.pop(0)
        for peer in world.peers:
            if peer is getattr(attempt, "sock", None) and not peer.closed:
                peer.close()
        self._phases.leave(attempt, Event.TELL)
        self._results.put(visit.outcome())
        self._wake()


class Driver(RuleBasedStateMachine):
    """The world's rules."""

    mode = Mode.LIGHT
    ports: tuple[int, ...] = PORTS
    sayings: tuple[bytes, ...] = SAYINGS

    @initialize(
        data=st.data(),
        connects=st.lists(
            st.sampled_from([errno.EINPROGRESS, 0, errno.ECONNREFUSED, errno.EMFILE, errno.ENETUNREACH]), max_size=9
        ),
    )  # fmt: skip
    def begin(self, data: st.DataObject, connects: list[int]) -> None:
        self.open(data.draw(st.lists(st.sampled_from(self.ports), min_size=1, max_size=6)), connects)

    def open(self, ports: list[int], connects: list[int]) -> None:
        self.world = world = World()
        world.connects = connects
        self.patches: list[Any] = [
            mock.patch.object(connector, "_Socket", side_effect=lambda family, kind: Peer(world)),
            mock.patch.object(driver, "time", world),
            mock.patch.object(handover, "_taken_over", side_effect=lambda attempt: attempt.sock),
        ]
        for patch in self.patches:
            patch.start()
        chosen = Settings(timeouts=Timeouts(connect=2, read=4, total=15), mode=self.mode)
        self.targets = [Target(f"192.0.2.{number}", port) for number, port in enumerate(ports, 1)]
        self.results = Results[Grab](64, lambda grab: grab)
        admission = Admission(iter(self.targets), chosen, Resolver(), Attempt, backoff=Backoff())
        self.sweep = driver.Sweep(admission, self.results, chosen, 4, outcomes.Grabs(planner(chosen)))
        self.handed = Handed(
            admission, self.results, chosen, planner(chosen), self.sweep._phases, self.sweep._work_soon
        )
        self.handed.given = []
        self.sweep._handover = self.sweep._plans._handover = self.handed
        self.sweep._listening._handover = self.handed
        self.loop = Loop()
        self.sweep._loop = self.sweep._connector.loop = world  # type: ignore[assignment]
        self.sweep._selector = self.sweep._connector.selector = world  # type: ignore[assignment]
        self.sweep._done = self.loop  # type: ignore[assignment]
        self.sweep._working = self.sweep._later = None
        self.sweep._on_tick()
        self.grabs: list[Grab] = []

    def open_peers(self) -> list[Peer]:
        return [peer for peer in self.world.peers if not (peer.closed or peer.number or peer.dead)]

    def news_of(self, peer: Peer, events: int) -> None:
        if peer.fd in self.world.watched:
            self.world.events[peer.fd] |= events

    def accepts(self, peer: Peer) -> None:
        peer.connected = True
        if self.world.watched.get(peer.fd):
            self.news_of(peer, 4)  # EPOLLOUT

    def says(self, peer: Peer, saying: bytes) -> None:
        if not peer.over:
            peer.connected = True
            peer.buffer += saying
            self.news_of(peer, READABLE)

    @precondition(lambda self: self.open_peers())
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        """A connection is there."""
        self.accepts(data.draw(st.sampled_from(self.open_peers())))

    @precondition(lambda self: self.open_peers())
    @rule(data=st.data())
    def say(self, data: st.DataObject) -> None:
        self.says(data.draw(st.sampled_from(self.open_peers())), data.draw(st.sampled_from(self.sayings)))

    @precondition(lambda self: self.open_peers())
    @rule(data=st.data(), later=st.sampled_from(LATER))
    def answer(self, data: st.DataObject, later: float) -> None:
        """The usual course of things: a connection, what is said there, an answer, a pause."""
        peer = data.draw(st.sampled_from(self.open_peers()))
        self.accepts(peer)
        self.run()
        if peer in self.open_peers():
            self.says(peer, data.draw(st.sampled_from(self.sayings)))
            self.run()
            self.wait(later)
            self.run()

    @precondition(lambda self: self.open_peers())
    @rule(data=st.data(), takes=st.sampled_from([0, 1, 20, None]))
    def make_room(self, data: st.DataObject, takes: int | None) -> None:
        """So many bytes fit into a socket's buffer from now on."""
        peer = data.draw(st.sampled_from(self.open_peers()))
        peer.takes = takes
        if peer.connected and takes != 0 and self.world.watched.get(peer.fd):
            self.news_of(peer, 4)

    @precondition(lambda self: self.open_peers())
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        peer = data.draw(st.sampled_from(self.open_peers()))
        peer.connected = peer.over = True
        self.news_of(peer, READABLE)

    @precondition(lambda self: self.open_peers())
    @rule(
        data=st.data(),
        number=st.sampled_from([errno.ECONNRESET, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.EPIPE]),
    )
    def fail(self, data: st.DataObject, number: int) -> None:
        peer = data.draw(st.sampled_from(self.open_peers()))
        peer.number = number
        self.news_of(peer, READABLE)

    @rule(later=st.sampled_from(LATER))
    def wait(self, later: float) -> None:
        self.world.now += later

    @rule()
    def run(self) -> None:
        self.sweep._on_news()
        self.world.run_due()

    @precondition(lambda self: self.handed.given)
    @rule()
    def streams_end_one(self) -> None:
        self.handed.end_one(self.world)

    @invariant()
    def nothing_is_wrong(self) -> None:
        if not hasattr(self, "loop"):
            return
        assert self.loop.failure is None
        self.grabs += self.results.drain()
        told = Counter((grab.host, grab.port) for grab in self.grabs)
        assert not [where for where, times in told.items() if times > 1]
        assert not [grab for grab in self.grabs if grab.status is Status.FAULT], self.grabs
        phases = self.sweep._phases
        queued = Counter(attempt for queue in phases._queues.values() for attempt in queue)
        assert set(queued) == set(phases.at.values())
        assert all(times == 1 and attempt.state in LIVE for attempt, times in queued.items())
        assert set(phases._pausing) <= set(queued)
        assert all(peer.closed <= 1 for peer in self.world.peers)
        for peer in self.open_peers():
            attempt = phases.at.get(peer.fd)
            if attempt is not None and attempt.talk is not None:
                wire = attempt.talk.wire
                assert peer.heard.endswith(bytes(wire.sent).removesuffix(wire.unsent))
                assert not wire.unsent or self.world.watched[peer.fd]
                assert not wire.unsent or peer.takes is not None or peer.fd in self.world.events

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            for _ in range(600):
                if self.loop.done():
                    break
                self.world.now += 0.5
                self.run()
                while self.handed.given:
                    self.handed.end_one(self.world)
                self.nothing_is_wrong()
            assert self.loop.finished
            assert sorted((grab.host, grab.port) for grab in self.grabs) == sorted(
                (t.host, t.port) for t in self.targets
            )
            self.sweep._connector.hang_up()
            assert [peer.closed for peer in self.world.peers] == [1] * len(self.world.peers)
            assert not self.sweep._phases.at
        finally:
            for patch in self.patches:
                patch.stop()


class Listener(Driver):
    """The same where nothing is ever said."""

    mode = Mode.LISTEN


class Pausing(Driver):
    """The same among those whose answers have no end but a pause, after which their plans go on elsewhere."""

    ports = (80, 1080, 8080)
    sayings = SAYINGS[7:11]


@pytest.mark.parametrize("machine", [Driver, Listener, Pausing])
def test_whatever_happens_each_target_has_one_outcome(machine: type[Driver]) -> None:
    chosen = settings(max_examples=150, stateful_step_count=50, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=chosen)


def test_what_a_socket_has_no_room_for_is_written_when_there_is() -> None:
    scan = Driver()
    scan.open([80], [0])
    try:
        scan.run()
        (peer,) = scan.world.peers
        peer.connected, peer.takes = True, 0
        scan.news_of(peer, 4)
        scan.run()
        assert peer.heard == b""
        for takes in (1, 7, 20, 500):
            assert not peer.heard.endswith(b"\r\n\r\n")
            peer.takes = takes
            scan.news_of(peer, 4)
            scan.run()
        assert (peer.heard[:5], peer.heard[-4:]) == (b"GET /", b"\r\n\r\n")
        peer.buffer, peer.over = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True
        scan.news_of(peer, READABLE)
        scan.run()
        scan.nothing_is_wrong()
        (grab,) = scan.grabs
        assert (grab.status, grab.said, grab.sent) == (Status.BANNER, ("http",), len(peer.heard))
    finally:
        scan.teardown()


@pytest.mark.parametrize("accepted", [True, False])
def test_who_resets_before_our_hello_was_not_spoken_to(accepted: bool) -> None:
    scan = Driver()
    scan.open([6379], [0])
    try:
        scan.run()
        while scan.open_peers():
            assert len(scan.world.peers) < 10
            (peer,) = scan.open_peers()
            peer.connected, peer.number = True, errno.ECONNRESET
            scan.news_of(peer, 4 if accepted else 4 | READABLE)
            scan.run()
            scan.news_of(peer, READABLE)
            scan.run()
        scan.nothing_is_wrong()
        (grab,) = scan.grabs
        assert (grab.status, grab.said, grab.sent, grab.received) == (Status.RESET, (), 0, 0)
    finally:
        scan.teardown()
