"""The example of a service: run by its own server, asked as its clients ask it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import banner
from banner import testing
from tests.command import PATIENCE
from tests.documents import ROOT

pytestmark = pytest.mark.one_loop  # the service has its own


@asynccontextmanager
async def service(folder: Path, *allowed: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service, and a client of it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(ROOT / "examples" / "service.py"), str(folder), "0", *allowed),
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert process.stderr is not None
    try:
        said = ""
        while (found := re.search(r"running on (http://\S+)", said)) is None:
            line = await process.stderr.readline()
            assert line, said
            said += line.decode()
        async with httpx.AsyncClient(base_url=found[1], timeout=PATIENCE) as client:
            yield client
    finally:
        process.terminate()
        rest = (await process.communicate())[1].decode()
        assert "Traceback" not in rest, rest


async def events(client: httpx.AsyncClient, name: str) -> list[tuple[str, dict[str, Any]]]:
    """All events of a scan, until it says that there are no more."""
    found = []
    async with client.stream("GET", f"/scans/{name}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            key, _, value = line.partition(": ")
            if key == "event":
                kind = value
            elif key == "data":
                found.append((kind, json.loads(value)))
    return found


async def test_grabs_on_demand(tmp_path: Path) -> None:
    async with testing.greeter(b"220 mail.example ESMTP Postfix\r\n") as smtp:
        where: dict[str, str | int] = {"host": "localhost", "port": smtp.port}
        async with service(tmp_path, "loopback") as client:
            answer = await client.get("/grab", params=where)
            grab = banner.Grab.from_dict(answer.json())
            assert grab.service is not None
            assert (grab.status, grab.service.product) == (banner.Status.BANNER, "Postfix")
            assert (await client.get("/grab", params={"host": "a b"})).status_code == 400
            assert (await client.get("/grab", params={"host": "a", "port": 0})).status_code == 422
            assert "certificate" in (await client.get("/openapi.json")).text
        visited = smtp.connections
        async with service(tmp_path) as client:
            assert (await client.get("/grab", params=where)).json()["status"] == "denied"
        assert smtp.connections == visited


async def test_a_scan_in_the_background(tmp_path: Path) -> None:
    async with (
        testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n", host="0.0.0.0") as ssh,
        testing.refuser() as refuser,
    ):
        asked = {"targets": ["127.0.0.0/28", f"127.0.0.1:{refuser.port}"], "ports": str(ssh.port)}
        async with service(tmp_path, "loopback") as client:
            answer = await client.post("/scans", json=asked)
            assert (answer.status_code, answer.json()["total"]) == (202, 17)
            name = answer.json()["name"]
            told = await events(client, name)
            assert [kind for kind, _ in told[:-1]] == ["progress"] * (len(told) - 1)
            counts = [progress["done"] for _, progress in told]
            assert counts == sorted(set(counts))
            assert told[-1][0] == "complete"
            assert (told[-1][1]["left"], told[-1][1]["statuses"]) == (0, {"banner": 16, "refused": 1})
            lines = (await client.get(f"/scans/{name}/results")).text.splitlines()
            assert len({banner.Grab.from_json(line).where for line in lines}) == 17
            refused = await client.get(f"/scans/{name}/results", params={"status": "refused"})
            assert [json.loads(line)["port"] for line in refused.text.splitlines()] == [refuser.port]
        visited = ssh.connections
        async with service(tmp_path, "loopback") as client:  # another run of it: nothing is visited twice
            assert (await client.post("/scans", json=asked)).json()["name"] == name
            ((kind, progress),) = await events(client, name)
            assert (kind, progress["done_before"], progress["left"]) == ("complete", 17, 0)
        assert ssh.connections == visited


async def test_a_client_that_goes_away_and_a_service_that_ends(tmp_path: Path) -> None:
    async with testing.silent() as silent:
        asked = {"targets": ["127.0.0.1", "127.0.0.2"], "ports": str(silent.port)}
        async with service(tmp_path, "loopback") as client:
            name = (await client.post("/scans", json=asked)).json()["name"]
            async with client.stream("GET", f"/scans/{name}/events") as response:
                assert response.status_code == 200
                async for line in response.aiter_lines():
                    assert line == "event: progress"
                    break
            assert (await client.get("/scans/nonsense/events")).status_code == 404
            assert (await client.get("/scans/nonsense/results")).status_code == 404
        async with asyncio.timeout(PATIENCE):
            while silent.open:
                await asyncio.sleep(0.005)


async def test_what_users_name_opens_no_file_and_is_counted(tmp_path: Path) -> None:
    secret = tmp_path / "hosts.txt"
    secret.write_text("127.0.0.1\n")
    async with service(tmp_path, "loopback") as client:
        for named in (str(secret), "/etc/hostname", "-", "127.1", ""):
            assert (await client.post("/scans", json={"targets": [named]})).status_code == 400, named
        assert (await client.post("/scans", json={"targets": []})).status_code == 400
        for many in ("10.0.0.0/8", "::/0"):
            assert (await client.post("/scans", json={"targets": [many]})).status_code == 413
