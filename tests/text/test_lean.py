"""Importing msgspec without the whole of typing_extensions leaves no trace, whoever else imports it and when."""

from __future__ import annotations

import subprocess
import sys

import pytest

WHOLE = "import typing_extensions as whole\nholds(whole.__file__ and whole.TypeIs and sys.modules[NAME] is whole)\n"
LEFT = "holds(getattr(sys.modules.get(NAME), '__file__', True))\n"
BEFORE = """
import sys
NAME = "typing_extensions"
def holds(what):
    if not what:  # -O leaves assertions out
        raise SystemExit("does not hold")
"""
CASES = {
    "before": f"{WHOLE}import banner.text.lean\nholds(sys.modules[NAME] is whole)\n",
    "after": f"import banner.text.lean\n{LEFT}{WHOLE}",
    "msgspec was there": f"import msgspec\nimport banner.text.lean\n{LEFT}{WHOLE}",
    "forbidden": "sys.modules[NAME] = None\nimport banner.text.lean\nholds(sys.modules[NAME] is None)\n",
}
THREADS = """
import threading
from banner.text import lean
sys.setswitchinterval(1e-7)
for _ in range(60):
    stand_in = sys.modules[NAME] = lean._StandIn(NAME)
    start, found = threading.Barrier(6), []
    def ask():
        start.wait()
        try:
            found.append(stand_in.TypeIs)
        except BaseException as error:
            found.append(error)
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    import typing_extensions
    holds(all(one is typing_extensions.TypeIs for one in found))
"""


@pytest.mark.parametrize("flags", [(), ("-O",)], ids=["", "optimised"])
@pytest.mark.parametrize("case", CASES)
def test_the_module_is_left_as_it_was(case: str, flags: tuple[str, ...]) -> None:
    run(CASES[case], *flags)


def test_threads_that_ask_meanwhile_all_get_the_one_whole_module() -> None:
    run(THREADS)


def run(code: str, *flags: str) -> None:
    """`code` in a process of its own."""
    done = subprocess.run(
        [sys.executable, *flags, "-c", f"{BEFORE}{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
