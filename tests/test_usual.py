"""What a test changes for itself is as it was for the next."""

from __future__ import annotations

import pytest

from banner.models import Settings
from banner.plan.planner import planner
from banner.plan.questions import questions
from tests.usual import usual


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_planned_with_other_dialogues_is_forgotten(fails: bool) -> None:
    asked, opening = questions(Settings()).at(53), planner(Settings()).opening(8080)
    try:
        with usual("http", ports=(1,)):
            assert questions(Settings()).at(53) == asked
            assert planner(Settings()).opening(8080) != opening
            if fails:
                raise RuntimeError("a test that fails")
    except RuntimeError:
        pass
    assert questions(Settings()).at(53) == asked
    assert planner(Settings()).opening(8080) == opening
