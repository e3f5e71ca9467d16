"""Every example does what it says: run as its user runs it, with warnings as errors."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

import banner
from banner import testing
from examples import in_an_app
from tests.command import PATIENCE, Servers

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMED = (
    "import runpy, socket, sys; sys.argv = sys.argv[1:]; socket.gethostname = lambda: {host!r};"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)
"""Runs an example on a machine of another name."""


def command(name: str, *arguments: str, host: str | None = None) -> list[str]:
    start = [sys.executable, "-W", "error"]
    return [
        *start,
        *([] if host is None else ["-c", NAMED.format(host=host)]),
        str(EXAMPLES / name),
        *arguments,
    ]


def output(name: str, *arguments: str, host: str | None = None, status: int = 0) -> str:
    done = subprocess.run(
        command(name, *arguments, host=host), capture_output=True, timeout=PATIENCE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (status, "")
    return done.stdout


@contextmanager
def basic_server(
    *arguments: str, name: str | None = None
) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The example under way, and where it listens."""
    started = command("basic_server.py", *arguments, host=name)
    with subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("Listening on "), line
            host, port = line.split()[2:]
            yield server, host, port
        finally:
            server.kill()


def test_the_basic_pair_meets_at_this_machines_name() -> None:
    own = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(1, 255)}"
    with basic_server(name=own) as (_, host, port):
        assert (host, port) == (own, "1337")
        said = output("basic_client.py", host=own).splitlines()
    assert said == ["banner.grab(): banner Connection Established", "by hand: Connection Established"]


def test_the_basic_server_greets_everybody_and_says_goodbye() -> None:
    with basic_server("127.0.0.1", "0") as (server, host, port):
        for _ in range(3):
            assert "Connection Established" in output("basic_client.py", host, port)
        server.send_signal(signal.SIGINT)
        rest, _ = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    lines = rest.splitlines()
    assert lines[-1] == "Bye"
    assert len([line for line in lines if line.startswith("Got a connection from ('127.0.0.1',")]) == 6
    assert len(lines) == 7


def test_the_basic_client_says_why_there_is_nothing() -> None:
    with Servers() as servers:
        refuser = servers.start(testing.refuser)
        said = output("basic_client.py", refuser.host, str(refuser.port), status=1)
    assert said.startswith("banner.grab(): refused")
    assert "because: ECONNREFUSED" in said


def test_a_list_of_hosts_is_scanned() -> None:
    with Servers() as servers:
        ssh = servers.start(lambda: testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n"))
        hostile = servers.start(lambda: testing.closer(b"\x1b[2J\xe2\x80\xae"))
        refuser = servers.start(testing.refuser)
        said = output("scan_hosts.py", *(f"{s.host}:{s.port}" for s in (ssh, hostile, refuser)))
    assert said.replace("\n", "").isprintable()
    lines = said.splitlines()
    assert f"127.0.0.1:{ssh.port} banner [OpenSSH] SSH-2.0-OpenSSH_9.2p1" in lines
    assert any(line.startswith(f"127.0.0.1:{refuser.port} refused") for line in lines)
    assert sorted(lines[-1].split(", ")) == ["1 refused", "2 banner"]


async def test_an_application_grabs_what_its_policy_allows() -> None:
    policy = banner.Policy(allow=["loopback"])
    async with (
        testing.closer(b"220 mail.example ESMTP Postfix\r\n") as smtp,
        TestClient(TestServer(in_an_app.make_app(policy))) as client,
    ):
        for host in ("127.0.0.1", "localhost"):
            async with client.get("/grab", params={"host": host, "port": str(smtp.port)}) as response:
                answer = await response.json()
            assert response.status == 200
            assert (answer["status"], answer["service"], answer["product"]) == ("banner", "smtp", "Postfix")
        for wrong in (
            {"host": "127.0.0.1", "port": "0"},
            {"host": ""},
            {"host": "a b"},
            {"host": "x", "port": "y"},
        ):
            async with client.get("/grab", params=wrong) as response:
                assert response.status == 400


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"]
)
async def test_an_application_does_not_lead_into_its_own_network(host: str) -> None:
    async with testing.greeter(b"220 internal\r\n") as internal:
        public = banner.Policy(allow=["global"])
        for app, port in ((in_an_app.make_app(public), internal.port), (in_an_app.make_app(), 22)):
            query = {"host": host, "port": str(port)}
            async with TestClient(TestServer(app)) as client, client.get("/grab", params=query) as response:
                assert (await response.json())["status"] == "denied"
        assert internal.connections == 0


async def test_an_application_keeps_few_grabs_under_way() -> None:
    async with testing.silent() as silent:
        app = in_an_app.make_app(banner.Policy(allow=["loopback"]), at_once=2)
        async with TestClient(TestServer(app, handler_cancellation=True)) as client:
            query = {"host": "127.0.0.1", "port": str(silent.port)}
            held = [asyncio.create_task(client.get("/grab", params=query)) for _ in range(2)]
            await until(lambda: silent.connections == 2)
            async with client.get("/grab", params=query) as response:
                assert response.status == 503
            for task in held:  # clients that go away: their grabs end, and others find room
                task.cancel()
            await asyncio.gather(*held, return_exceptions=True)
            await until(lambda: not app[in_an_app.ROOM].locked())


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


def test_every_example_is_run_here() -> None:
    tested = {"basic_client.py", "basic_server.py", "scan_hosts.py", "in_an_app.py", "nightly.py"}
    tested |= {"service.py", "notebook.ipynb"}  # by test_service_example.py and library/test_hosts.py
    tested |= {"plugin"}  # by test_plug_in.py
    assert set(os.listdir(EXAMPLES)) - {"__init__.py", "__pycache__"} == tested


def test_a_nightly_inventory_says_what_is_new(tmp_path: Path) -> None:
    hosts, folder = tmp_path / "hosts.txt", tmp_path / "inventory"
    with Servers() as servers:
        ssh = servers.start(lambda: testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n"))
        gone = servers.start(testing.refuser)
        hosts.write_text(f"127.0.0.1:{gone.port}\n")
        assert output("nightly.py", str(hosts), str(folder), "2030-01-01") == "1 visited, 0 before\n"
        hosts.write_text(f"127.0.0.1:{ssh.port}\n")
        said = output("nightly.py", str(hosts), str(folder), "2030-01-02")
        assert said == f"1 visited, 0 before\n+ 127.0.0.1:{ssh.port} ssh\n"
        again = output("nightly.py", str(hosts), str(folder), "2030-01-02")
        assert again.splitlines()[1:] == said.splitlines()[1:], "nothing is visited twice"
        hosts.write_text(f"127.0.0.1:{gone.port}\n")
        said = output("nightly.py", str(hosts), str(folder), "2030-01-03")
        assert said.splitlines()[1:] == [f"- 127.0.0.1:{ssh.port} ssh"]
