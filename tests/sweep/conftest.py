"""Both drivers of a scan."""

from __future__ import annotations

import pytest

from banner.plan import hellos, search
from tests.sweep.scans import Driver


@pytest.fixture(params=["sweep", "streams"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here is far away."""
    for module, name in (
        (search, "MOMENT"),
        (search, "ANSWER"),
        (search, "AGAIN"),
        (hellos, "ANSWER"),
        (hellos, "AGAIN"),
    ):
        monkeypatch.setattr(module, name, 0.2)
