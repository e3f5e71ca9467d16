"""A service around banner with FastAPI: grabs on demand, scans in the background, progress as server-sent events.

    python examples/service.py FOLDER [PORT [ALLOWED ...]]

    GET  /grab?host=mail.example&port=25      one grab, now
    POST /scans {"targets": ["192.0.2.0/28"]}  a scan begins: its name, and how many targets it has
    GET  /scans/NAME/events                   how far it is, until it is complete (text/event-stream)
    GET  /scans/NAME/results                  what was found, one record a line, also while it goes on
    GET  /docs                                all of it, with the record's schema

Whoever may name a host could name one inside your network: the policy allows addresses of the Internet alone, after
DNS, on a few ports; or, on any, what ALLOWED says (``private``, ``192.0.2.0/24``). What users name opens no file
(``files=False``), and is counted before anything begins. Scans are kept in FOLDER: named again after a restart of the
service, one goes on where it was.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

import banner

PORTS = "21,22,25,80,110,143,443,587,993,995"
PUBLIC = banner.Policy(allow=["global"], ports=PORTS)
MOST = 4096
"""Targets of one scan."""
AT_ONCE = 20
"""Grabs, and scans, under way."""


class Asked(BaseModel):
    """What somebody wants to have scanned."""

    targets: Annotated[list[str], Field(max_length=MOST)]
    ports: str = PORTS


class Begun(BaseModel):
    """A scan that was begun."""

    name: str
    total: int | None


@dataclass
class Job:
    """A scan in the background."""

    targets: banner.NamedTargets
    path: Path
    progress: banner.Progress | None = None
    """How far it is; None until it has begun."""
    failed: str = ""
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self, policy: banner.Policy) -> None:
        """Visit what is left; every grab is in the file before it is counted here."""
        try:
            async with banner.scan(
                self.targets, policy=policy, concurrency=100, per_net=20, keep=self.path
            ) as results:
                await self.tell(results.progress())
                async for _ in results.batches():
                    await self.tell(results.progress())
        except (OSError, ValueError) as error:
            self.failed = str(error)
            await self.tell(self.progress)

    async def tell(self, progress: banner.Progress | None) -> None:
        """Wake those who watch."""
        async with self.moved:
            self.progress = progress
            self.moved.notify_all()

    def complete(self) -> bool:
        """Whether nothing more comes."""
        return bool(self.failed) or (self.progress is not None and self.progress.left == 0)

    async def events(self) -> AsyncIterator[str]:
        """How far it is, whenever that has changed: one event each, the last is ``complete`` or ``failed``."""
        told: banner.Progress | None = None
        while not self.complete():
            async with self.moved:
                while self.progress is told and not self.complete():
                    await self.moved.wait()
            told = self.progress
            if told is not None and not self.complete():
                yield _event("progress", told.to_dict())
        if self.failed:
            yield _event("failed", {"reason": self.failed})
        elif self.progress is not None:
            yield _event("complete", self.progress.to_dict())


def _event(kind: str, data: dict[str, object]) -> str:
    """An event as HTML's specification has them (9.2, server-sent events)."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"


class Service:
    """What the requests share."""

    def __init__(self, folder: Path, policy: banner.Policy) -> None:
        self.folder = folder
        self.policy = policy
        self.room = asyncio.Semaphore(AT_ONCE)
        self.jobs: dict[str, Job] = {}
        self.running: set[asyncio.Task[None]] = set()
        self.resolver: banner.Resolver | None = None

    @asynccontextmanager
    async def life(self, _: FastAPI) -> AsyncIterator[None]:
        """One resolver with its cache for all; scans that still run are left as they are kept."""
        async with banner.Resolver() as self.resolver:
            yield
            for task in self.running:
                task.cancel()
            await asyncio.gather(*self.running, return_exceptions=True)

    async def grab(self, host: str, port: Annotated[int, Query(ge=1, le=65535)] = 22) -> banner.Grab:
        """Visit one place."""
        if self.room.locked():
            raise HTTPException(503, "busy: try again later", {"Retry-After": "5"})
        async with self.room:
            timeouts = banner.Timeouts(connect=3, read=5, total=10)
            try:
                return await banner.grab(
                    host, port, policy=self.policy, resolver=self.resolver, timeouts=timeouts
                )
            except ValueError as error:  # no host's name
                raise HTTPException(400, str(error)) from None

    async def begin(self, asked: Asked) -> Begun:
        """Begin a scan, or go on with it: its name is made of what is asked for."""
        try:
            targets = banner.targets(*asked.targets, ports=asked.ports, files=False)
        except ValueError as error:
            raise HTTPException(400, str(error)) from None
        if targets.size is None or targets.size > MOST:
            raise HTTPException(413, f"{MOST} targets at most")
        name = sha256(asked.model_dump_json().encode()).hexdigest()[:16]
        job = self.jobs.get(name)
        if job is None or job.failed:
            if len(self.running) >= AT_ONCE:
                raise HTTPException(503, "busy: try again later", {"Retry-After": "60"})
            job = self.jobs[name] = Job(targets, self.folder / f"{name}.jsonl")
            task = asyncio.create_task(job.run(self.policy))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return Begun(name=name, total=targets.size)

    def events(self, name: str) -> StreamingResponse:
        """How far a scan is, as it goes on."""
        if name not in self.jobs:
            raise HTTPException(404, "no such scan")
        return StreamingResponse(self.jobs[name].events(), media_type="text/event-stream")

    def results(self, name: str, status: banner.Status | None = None) -> StreamingResponse:
        """What a scan has found, from its file; all of it, or what has one status."""
        if name not in self.jobs:
            raise HTTPException(404, "no such scan")
        path = self.jobs[name].path

        def lines() -> Iterator[str]:
            for grab in banner.read(path, lambda number, reason: None):  # a line that is being written
                if status is None or grab.status is status:
                    yield grab.to_json() + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")


def make_app(folder: Path, policy: banner.Policy) -> FastAPI:
    """The application."""
    service = Service(folder, policy)
    app = FastAPI(title="banner", lifespan=service.life)
    app.get("/grab")(service.grab)
    app.post("/scans", status_code=202)(service.begin)
    app.get("/scans/{name}/events")(service.events)
    app.get("/scans/{name}/results")(service.results)
    return app


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    policy = banner.Policy(allow=sys.argv[3:]) if sys.argv[3:] else PUBLIC
    uvicorn.run(
        make_app(folder, policy), host="127.0.0.1", port=int(sys.argv[2]) if len(sys.argv) > 2 else 8000
    )
