"""A visit of one port, by each way that there is."""

from __future__ import annotations

import pytest

import banner
from banner import Grab, Target, scan
from tests.visit.visits import SOON, Visitor


@pytest.fixture(params=["grab", "sweep", "streams"])
def visit(request: pytest.FixtureRequest) -> Visitor:
    """Visit one port, in three ways."""

    async def by_grab(port: int, host: str = "127.0.0.1", **options: object) -> Grab:
        return await banner.grab(host, port, **({"timeouts": SOON} | options))  # type: ignore[arg-type]

    async def by_scan(port: int, host: str = "127.0.0.1", **options: object) -> Grab:
        options = {"timeouts": SOON} | options
        async with scan([Target(host, port)], driver=request.param, **options) as results:  # type: ignore[arg-type]
            return await anext(results)

    return by_grab if request.param == "grab" else by_scan
