"""Debian's proxies: through them everything is as without, and each sees the source that was asked for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

import banner
from banner import Grab, Policy, Status, Target, testing
from tests.command import PATIENCE
from tests.daemons.site import free_ports
from tests.visit.proxied import PROXIES, SHORT


@pytest.fixture(scope="module", params=list(PROXIES))
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package, scheme, command = PROXIES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    folder.chmod(0o755)
    [port] = free_ports(1)
    words = command(port, folder)
    if shutil.which(words[0], path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
        pytest.skip(f"apt-get install {package}")
    path = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=path) as process:
        try:
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, words
                    assert time.monotonic() < until, words
                    time.sleep(0.05)
            yield f"{scheme}://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def alike(grab: Grab) -> tuple[object, ...]:
    return grab.host, grab.port, grab.status, grab.end, grab.banner, grab.service, grab.said


async def test_through_a_proxy_everything_is_as_without(proxy: str) -> None:
    """What a server says at once comes right behind the proxy's answer."""
    async with (
        testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n") as ssh,
        testing.greeter(testing.segments(b"220 mail.example ESMTP\r\n", 5)) as mail,
        testing.closer(b"goodbye\r\n") as closer,
        testing.closer() as silent,
    ):
        servers = (ssh, mail, closer, silent)
        targets = [Target("127.0.0.1", server.port) for server in servers]
        plain = [alike(await banner.grab(one.host, one.port, mode="listen")) for one in targets]
        through = [
            alike(await banner.grab(one.host, one.port, mode="listen", proxy=proxy)) for one in targets
        ]
        assert through == plain
        for how in ({"proxy": proxy}, {}):
            via = None if how else proxy
            listed = [Target(one.host, one.port, via=via) for one in targets]
            async with banner.scan(listed, mode="listen", **how) as results:  # type: ignore[arg-type]
                assert sorted([alike(grab) async for grab in results], key=str) == sorted(plain, key=str)


async def test_statuses_that_a_proxy_can_tell_are_true(proxy: str) -> None:
    async with testing.refuser() as refuser, testing.overloaded() as overloaded:
        grab = await banner.grab("127.0.0.1", refuser.port, proxy=proxy, timeouts=SHORT)
        vague = Status.UNREACHABLE  # tinyproxy says 500 and no more
        assert grab.status in ({Status.REFUSED, vague} if proxy.startswith("http") else {Status.REFUSED})
        assert grab.error is not None
        assert proxy in grab.error
        grab = await banner.grab("127.0.0.1", overloaded.port, proxy=proxy, timeouts=SHORT)
        assert grab.status is Status.TIMEOUT
        assert (await banner.grab("localhost", refuser.port, proxy=proxy)).ip == (
            None if proxy.startswith("socks5h") else "127.0.0.1"
        )


async def test_many_at_once_go_through_a_proxy(proxy: str) -> None:
    async with testing.greeter(b"hi\r\n", host="0.0.0.0") as server:
        targets = banner.targets("127.0.0.0/25", ports=server.port)
        async with banner.scan(targets, proxy=proxy, mode="listen", concurrency=100) as results:
            found = [(grab.host, grab.banner) async for grab in results]
        assert sorted(found) == sorted((one.host, b"hi\r\n") for one in targets)


@pytest.mark.parametrize("driver", [None, "streams"])
async def test_what_is_known_is_judged_before_the_proxy_hears_of_it(driver: Any) -> None:
    async with testing.silent() as proxy:
        policy = Policy(deny=["127.0.0.0/8", "::1"])
        for scheme in ("socks5", "socks5h", "http"):
            url = f"{scheme}://127.0.0.1:{proxy.port}"
            assert (await banner.grab("127.0.0.1", 22, proxy=url, policy=policy)).status is Status.DENIED
            targets = [Target("127.0.0.1", 22, via=url), Target("127.0.0.1", 23)]
            async with banner.scan(targets, policy=policy, driver=driver, proxy=url) as results:
                assert {grab.status async for grab in results} == {Status.DENIED}
        for scheme in ("socks5", "http"):
            url = f"{scheme}://127.0.0.1:{proxy.port}"
            assert (await banner.grab("localhost", 22, proxy=url, policy=policy)).status is Status.DENIED
        assert proxy.connections == 0
