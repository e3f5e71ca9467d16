"""Around a scan: descriptors, the block, and what is handed out of it."""

from __future__ import annotations

import asyncio
import copy
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

import banner
from banner import (
    Grab,
    GrabError,
    Rules,
    Status,
    Target,
    Timeouts,
    testing,
)
from banner.visit.descriptors import check_room

SSH = b"SSH-2.0-OpenSSH_9.2\r\n"
QUICK = Timeouts(connect=5, read=0.9, total=20)
drivers = pytest.mark.parametrize("driver", ["sweep", "streams"])


async def found(targets: Any, driver: Any, **options: Any) -> list[Grab]:
    async with banner.scan(targets, driver=driver, timeouts=QUICK, **options) as results:
        return [grab async for grab in results]


# -- fault 4: few descriptors --------------------------------------------------------------------------------------


def limited(descriptors: int, *command: str) -> subprocess.CompletedProcess[str]:
    shell = f'ulimit -n {descriptors}; exec "$@"'
    return subprocess.run(
        ["sh", "-c", shell, "sh", sys.executable, *command], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("descriptors", range(6, 20))
@pytest.mark.parametrize(
    "command", [["scan", "127.0.0.1:9", "-o", "-"], ["grab", "127.0.0.1:9", "--json"]], ids=" ".join
)
def test_fault_4_few_descriptors_bring_a_message(command: list[str], descriptors: int) -> None:
    done = limited(descriptors, "-m", "banner", *command)
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert done.stdout or f"may open {descriptors} (ulimit -n)" in done.stderr
    assert done.returncode in (0, 1)


def test_fault_4_in_the_library_it_is_an_os_error_in_words() -> None:
    program = """
import asyncio, banner, os
async def main():
    held = []
    try:
        while True: held.append(os.dup(0))
    except OSError: pass
    try:
        async with banner.scan([banner.Target("127.0.0.1", 9)]): pass
    except OSError as error: told = str(error)
    for fd in held: os.close(fd)
    print(told)
import banner.fleet.scanning, errno
asyncio.run(main())
"""
    done = limited(40, "-c", program)
    assert "too many open files: this process may open 40 (ulimit -n)" in done.stdout, done.stderr


def test_fault_4_a_grab_without_descriptors_is_a_local_error() -> None:
    program = """
import asyncio, banner, os
from banner import grab
async def main():
    held = []
    try:
        while True: held.append(os.dup(0))
    except OSError: pass
    first = await grab("127.0.0.1", 9)
    os.close(held.pop())
    second = await grab("127.0.0.1", 9)
    for fd in held: os.close(fd)
    print(first.status, second.status, first.error)
asyncio.run(main())
"""
    done = limited(40, "-c", program)
    assert done.stdout.startswith("local-error "), done.stderr
    assert "EMFILE" in done.stdout


def test_fault_4_nothing_is_left_open_by_looking() -> None:
    check_room(5)
    with pytest.raises(OSError, match="too many open files"):
        check_room(10**9)
    check_room(5)


# -- fault 7: a scan outside of its block --------------------------------------------------------------------------


@drivers
async def test_fault_7_a_scan_is_read_inside_its_block(driver: Any) -> None:
    async with testing.greeter(SSH) as server:
        targets = [Target(server.host, server.port)] * 20
        unread = banner.scan(targets, driver=driver)
        with pytest.raises(RuntimeError, match="inside its block"):
            await anext(unread)
        async with unread:
            pass
        left = banner.scan(targets, driver=driver)
        async with left:
            async for _ in left:
                break
        whole = banner.scan(targets, driver=driver)
        async with whole:
            assert len([grab async for grab in whole]) == 20
            assert [grab async for grab in whole] == []
        for results in (unread, left, whole):
            with pytest.raises(RuntimeError, match="inside its block"):
                async for _ in results:
                    pass
            with pytest.raises(RuntimeError, match="inside its block"):
                async for _ in results.batches():
                    pass


@drivers
async def test_fault_7_who_waits_while_the_block_is_left_is_told(driver: Any) -> None:
    async with testing.silent() as server:
        results = banner.scan([Target(server.host, server.port)], driver=driver)
        async with results:
            reader = asyncio.ensure_future(anext(results))
            await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="inside its block"):
            await reader


# -- fault 10: frozen is frozen ------------------------------------------------------------------------------------


@drivers
async def test_fault_10_one_grabs_details_are_its_own(driver: Any) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready.\r\n"
    async with testing.greeter(greeting) as server:
        targets = [Target(server.host, server.port)] * 3
        first, *others = await found(targets, driver, mode="listen") + await found(targets, driver)
        grabs = [first, *others, *await found(targets, driver)]

    def spoil(value: Any) -> None:
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            spoil(inner)
        if isinstance(value, dict):
            value["spoilt"] = True
        elif isinstance(value, list):
            value.append("spoilt")

    assert any(grab.details for grab in grabs)
    for number, grab in enumerate(grabs):
        assert "spoilt" not in repr(grab.details), number
        spoil(grab.details)


async def test_fault_10_a_grab_can_be_hashed() -> None:
    async with testing.greeter(SSH) as server:
        grab = await banner.grab(server.host, server.port)
    assert {grab: 1}[copy.deepcopy(grab)] == 1
    assert hash(pickle.loads(pickle.dumps(grab))) == hash(grab)


def test_fault_10_what_rules_left_out_is_a_list_of_ones_own() -> None:
    rules = Rules()
    rules.rejected.append("mine")
    assert rules.rejected == []


# -- fault 14: errors that travel ----------------------------------------------------------------------------------


def fail(host: str) -> None:
    Grab(time=0.0, host=host, port=22, status=Status.REFUSED, error="ECONNREFUSED").raise_for_status()


def test_fault_14_a_grab_error_can_be_pickled_and_copied() -> None:
    with pytest.raises(GrabError) as caught:
        fail("2001:db8::1")
    error = caught.value
    error.add_note("in the night")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (str(other), other.grab, other.__notes__) == (str(error), error.grab, ["in the night"])


def test_fault_14_a_grab_error_comes_out_of_a_process_pool() -> None:
    import multiprocessing

    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
        pytest.raises(GrabError, match="ECONNREFUSED"),
    ):
        pool.submit(fail, "192.0.2.1").result(timeout=60)
