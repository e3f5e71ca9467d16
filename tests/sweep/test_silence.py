"""Whoever says nothing has a greeting's time from the moment of the connection, and not from our look at it."""

from __future__ import annotations

import sys

import pytest

from banner import Status
from banner.sweep.connector import LOOK
from tests.sweep.test_driver import Listener


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the kernel does not say since when there is a connection"
)
def test_a_greetings_time_begins_with_the_connection() -> None:
    scan = Listener()
    scan.open([22], [])  # a greeting may take 4 seconds
    try:
        (peer,) = scan.world.peers
        peer.connected, peer.silent = True, 400
        scan.world.now += LOOK
        scan.run()
        scan.world.now += 4 - 0.4 - 0.01
        scan.run()
        scan.nothing_is_wrong()
        assert scan.grabs == []
        scan.world.now += 0.12  # one queue holds all of a tenth
        scan.run()
        scan.nothing_is_wrong()
        assert [grab.status for grab in scan.grabs] == [Status.SILENT]
    finally:
        scan.teardown()
