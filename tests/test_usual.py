"""What a test changes for itself is as it was for the next."""

from __future__ import annotations

import pytest

from banner.models import Settings
from banner.plan.planner import planner
from banner.plan.questions import questions
from tests.usual import REMEMBERED, usual


def asked() -> list[str]:
    return [f"{probe.name} over {probe.transport.value}" for probe in questions(Settings()).at(53)]


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_planned_with_other_dialogues_is_forgotten(fails: bool) -> None:
    for table in REMEMBERED:
        table.cache_clear()
    try:
        with usual("http", ports=(1,)):
            assert asked() == ["dns over udp", "dns over udp"]
            changed = planner(Settings()).opening(8080)
            if fails:
                raise RuntimeError("a test that fails")
    except RuntimeError:
        pass
    assert [table.cache_info().currsize for table in REMEMBERED] == [0, 0]
    assert asked() == ["dns over udp", "dns over udp"]
    assert planner(Settings()).opening(8080) != changed
