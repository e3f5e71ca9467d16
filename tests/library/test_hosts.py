"""The library inside of what applications are built with: web frameworks, notebooks, workers of a queue."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from nbclient import NotebookClient
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import banner
from banner import testing
from tests.command import ENVIRONMENT, PATIENCE, Servers
from tests.documents import ROOT
from tests.library.using import GREETING, MANY, used


@pytest.fixture(scope="module")
def ssh() -> Iterator[testing.Server]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(GREETING))


async def lines(server: testing.Server) -> AsyncIterator[str]:
    """A scan as lines of JSON, while it goes on."""
    targets = [banner.Target(server.host, server.port, tag=str(number)) for number in range(MANY)]
    async with banner.scan(targets) as results:
        async for grab in results:
            yield grab.to_json() + "\n"


async def test_starlette(ssh: testing.Server) -> None:
    """A handler, a stream, a task after the answer, and a resolver of the application's life."""
    done = asyncio.Event()
    kept: dict[str, banner.Resolver] = {}

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with banner.Resolver() as kept["resolver"]:
            yield

    async def one(request: Request) -> Response:
        grab = await banner.grab("localhost", ssh.port, resolver=kept["resolver"])
        return JSONResponse(grab.to_dict())

    async def many(request: Request) -> Response:
        return StreamingResponse(lines(ssh))

    async def afterwards() -> None:
        await used(ssh.host, ssh.port)
        done.set()

    async def later(request: Request) -> Response:
        return Response(status_code=202, background=BackgroundTask(afterwards))

    routes = [Route("/one", one), Route("/many", many), Route("/later", later)]
    app = Starlette(routes=routes, lifespan=life)
    transport = httpx.ASGITransport(app=app)
    async with life(app), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        found = banner.Grab.from_dict((await client.get("/one")).json())
        assert (found.banner, found.host) == (GREETING, "localhost")
        streamed = (await client.get("/many")).text.splitlines()
        assert {banner.Grab.from_json(line).tag for line in streamed} == {str(n) for n in range(MANY)}
        assert (await client.get("/later")).status_code == 202
        async with asyncio.timeout(PATIENCE):
            await done.wait()


async def test_aiohttp(ssh: testing.Server) -> None:
    """A handler, a stream, and a scan beside the application for as long as it lives."""
    seen: list[banner.Grab] = []

    async def one(request: web.Request) -> web.Response:
        return web.json_response(text=(await banner.grab(ssh.host, ssh.port)).to_json())

    async def many(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for line in lines(ssh):
            await response.write(line.encode())
        return response

    async def beside(app: web.Application) -> AsyncIterator[None]:
        async def scanning() -> None:
            endless = (banner.Target(ssh.host, ssh.port) for _ in range(10**9))
            async with banner.scan(endless, concurrency=4) as results:
                async for grab in results:
                    seen.append(grab)  # noqa: PERF401 - looked at while they come

        task = asyncio.create_task(scanning())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    app = web.Application()
    app.add_routes([web.get("/one", one), web.get("/many", many)])
    app.cleanup_ctx.append(beside)
    async with TestClient(TestServer(app)) as client:
        async with client.get("/one") as response:
            assert banner.Grab.from_json(await response.read()).banner == GREETING
        async with client.get("/many") as response:
            assert len((await response.text()).splitlines()) == MANY
        async with asyncio.timeout(PATIENCE):
            while len(seen) < 10:
                await asyncio.sleep(0.005)


CELLS = (
    "import banner\nfrom tests.library.using import used",
    "grab = await banner.grab({host!r}, {port})\ngrab",
    "await used({host!r}, {port})",
    "import pandas\npandas.DataFrame([grab.to_dict()])[['host', 'status']]",
)


@pytest.mark.one_loop
def test_a_notebook(ssh: testing.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of IPython has a loop that runs already; its cells await, and a grab shows its table."""
    for folder in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):  # nothing is left in the home of whoever tests
        monkeypatch.setenv(folder, str(tmp_path))
    form: Any = nbformat.v4
    cells = [form.new_code_cell(text.format(host=ssh.host, port=ssh.port)) for text in CELLS]
    notebook = form.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=3 * PATIENCE, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown: Any = notebook.cells[1].outputs[0].data
    assert "OpenSSH" in shown["text/html"]
    assert "<table" in shown["text/html"]
    assert "banner" in notebook.cells[3].outputs[0].data["text/html"]


@pytest.mark.one_loop
def test_the_notebook_of_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from its first cell to its last; it is kept without what it shows."""
    for folder in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(folder, str(tmp_path))
    form: Any = nbformat
    notebook = form.read(ROOT / "examples" / "notebook.ipynb", 4)
    form.validate(notebook)
    cells = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    assert not any(cell.outputs or cell.execution_count for cell in cells.values())
    NotebookClient(notebook, timeout=3 * PATIENCE, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = {
        name: cell.outputs[0].data.get("text/html", cell.outputs[0].data["text/plain"])
        for name, cell in cells.items()
        if cell.outputs
    }
    assert set(shown) == {"one", "scan", "count", "arrow"}
    assert "SSH-2.0-OpenSSH_9.2p1" in shown["one"]
    assert all(text in shown["scan"] for text in ("refused", "OpenSSH", "Postfix", "service.product"))
    assert all(text in shown["arrow"] for text in ("OpenSSH", "9.2p1", "cpe:", "Postfix"))
    assert "refused" not in shown["arrow"]


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    """A Celery worker of two processes that fork, as it is started in earnest."""
    command = [sys.executable, "-m", "celery", "-A", "tests.library.worker", "worker", "-c", "2"]
    with subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"],
        cwd=ROOT,
        env={**ENVIRONMENT, "BROKER_FOLDER": str(folder), "C_FORCE_ROOT": "1"},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.one_loop
def test_a_worker_of_celery(ssh: testing.Server, tmp_path: Path) -> None:
    asking = (
        "import json, sys\nfrom tests.library.worker import grab\n"
        "waiting = [grab.delay(sys.argv[1], int(sys.argv[2])) for _ in range(8)]\n"
        f"print(json.dumps([each.get(timeout={PATIENCE}, interval=0.02) for each in waiting]))"
    )
    with worker(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", asking, ssh.host, str(ssh.port)],
            cwd=ROOT,
            env={**ENVIRONMENT, "BROKER_FOLDER": str(tmp_path)},
            stdout=subprocess.PIPE,
            timeout=PATIENCE * 2,
            check=True,
        )
    found = [banner.Grab.from_dict(record) for record in json.loads(done.stdout)]
    assert [grab.banner for grab in found] == [GREETING] * 8
