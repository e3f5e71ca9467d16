"""Every async test runs on asyncio's own loop and on uvloop, unless it is about other processes (`one_loop`)."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing

import hypothesis
import pytest
import uvloop

from tests.daemons.daemon import Daemon
from tests.daemons.field import Field

# No example fails by the clock: a busy machine is not a fault. pytest's timeout ends what hangs.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.get_closest_marker("one_loop"):
        return {"asyncio": asyncio.new_event_loop}
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


def pytest_sessionstart(session: pytest.Session) -> None:
    """A run in the background (``pytest &`` in a script, nohup) ignores these, and so would the commands that the
    tests start and interrupt; what has a handler here has the system's own reaction there."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for ignored in (signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(ignored) is signal.SIG_IGN:
            signal.signal(ignored, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for `field` starts a real daemon, and is left out by ``-m 'not daemon'``."""
    for item in items:
        if isinstance(item, pytest.Function) and "field" in item.fixturenames:
            item.add_marker("daemon")


@pytest.fixture(scope="session")
def field(request: pytest.FixtureRequest) -> Iterator[Field]:
    """Real daemons; those that this run's tests ask for are started together, the first time one does."""
    calls = [
        item.callspec
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    with closing(Field()) as field:
        field.start(daemon for call in calls if isinstance(daemon := call.params.get("daemon"), Daemon))
        yield field
