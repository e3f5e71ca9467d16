"""How far a scan is, for programs that show it."""

from __future__ import annotations

import json

import banner
from banner import Status, Target, testing
from tests.fleet.test_scanning import given


async def test_progress() -> None:
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server, testing.refuser() as refuser:
        targets = [*given(server.port, 9), Target(refuser.host, refuser.port)]
        async with banner.scan(targets, mode="listen") as results:
            assert (results.progress().done, results.progress().total) == (0, 10)
            assert results.progress().seconds_left is None
            async for _ in results:
                pass
            progress = results.progress()
        assert (progress.done, progress.left, progress.in_flight, progress.seconds_left) == (10, 0, 0, 0.0)
        assert progress.statuses == {Status.BANNER: 9, Status.REFUSED: 1}
        assert progress.rate == 10 / progress.elapsed > 0
        assert results.progress() == progress, "its clock stands when it is over"
        told = progress.to_dict()
        assert (told["done"], told["left"], told["rate"]) == (10, 0, progress.rate)
        assert json.loads(json.dumps(told))["statuses"] == {"banner": 9, "refused": 1}
        async with banner.scan(given(server.port)) as results:
            assert results.progress().total is results.progress().left is None
