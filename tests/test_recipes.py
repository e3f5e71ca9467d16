"""Every recipe is run: over records of made-up hosts on loopback, with what scanners wrote replayed by their names."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

import banner
from banner import Service, Status, testing
from banner.formats.record import encode
from tests.command import PATIENCE, Servers
from tests.daemons.site import own_address
from tests.documents import ROOT, blocks
from tests.report.sample import scan

RECIPES, DIFF = ROOT / "docs" / "recipes.md", ROOT / "docs" / "diff.md"
NEIGHBOURS = ROOT / "tests" / "inputs" / "outputs_of_tools"
HOST = own_address()
"""Where nobody listens at the ports of the recordings."""
REPLAYED = {"masscan": "masscan.json", "nmap": "nmap.xml", "zmap": "zmap-plain.csv"}


class Receiver(ThreadingHTTPServer):
    """Takes what Elasticsearch's and webhooks' documents describe, and refuses everything else."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.indexes: dict[str, dict[str, str]] = {}
        self.documents: dict[str, object] = {}
        self.messages: list[dict[str, object]] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self) -> None:  # http.server's name
        """Create an index with its mappings."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fields = body["mappings"]["properties"]
        self.server.indexes[self.path] = {name: field["type"] for name, field in fields.items()}
        self.answer(200, {"acknowledged": True})

    def do_POST(self) -> None:
        """A bulk request: pairs of lines, the last one ended too; or a message in JSON."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/_bulk":
            assert self.headers["Content-Type"] == "application/json"
            self.server.messages.append(json.loads(body))
            return self.answer(200, "ok")
        lines = body.split(b"\n")
        if self.headers["Content-Type"] != "application/x-ndjson" or lines.pop() or len(lines) % 2:
            return self.answer(400, {"error": "no bulk request"})
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            ((name, of),) = json.loads(action).items()
            assert (name, of["_index"]) == ("index", "banner")
            self.server.documents[of["_id"]] = json.loads(document)
        return self.answer(200, {"errors": False, "items": []})

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the recipes name, and programs that replay what scanners wrote."""
    grabs = [
        msgspec.structs.replace(grab, host=f"127.77.1.{number % 200}", ip=f"127.77.1.{number % 200}")
        for number, grab in enumerate(scan(600))
    ]
    mail = Service("smtp", "Exim", "exim", "4.96", cpe=("cpe:2.3:a:exim:exim:4.96:*:*:*:*:*:*:*",))
    grabs[0] = msgspec.structs.replace(grabs[0], service=mail)
    (tmp_path / "scan.jsonl").write_bytes(b"".join(map(encode, grabs)))
    (tmp_path / "monday.jsonl").write_bytes(b"".join(map(encode, grabs[:300])))
    first = msgspec.structs.replace(grabs[0], status=Status.BANNER, banner=b"220 hello again\r\n")
    (tmp_path / "friday.jsonl").write_bytes(b"".join(map(encode, [first, *grabs[1:300]])))
    (tmp_path / "targets.csv").write_text(f"{HOST},,lab,22\n{HOST},,,25\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, recorded in REPLAYED.items():
        (programs / recorded).write_text((NEIGHBOURS / recorded).read_text().replace("198.51.100.2", HOST))
        program(programs / name, f'cat "{programs / recorded}"')
    shell("\n".join(blocks(RECIPES, "sh")[:1]), tmp_path)
    return tmp_path


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def shell(text: str, folder: Path, **variables: str) -> str:
    path = f"{folder / 'programs'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eu", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=False,
    )
    assert (
        done.returncode,
        re.sub(r"(?m)^(banner: \d+ targets? in|banner scan: ).*\n?", "", done.stderr),
    ) == (
        0,
        "",
    ), done
    return done.stdout


def needs(*programs: str) -> None:
    for name in programs:
        if shutil.which(name) is None:
            message = f"{name} is missing: apt-get install {name}"
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)


SHELL = blocks(RECIPES, "sh")[1:]


@pytest.mark.parametrize("text", SHELL, ids=lambda text: text.split("\n")[0][:40])
def test_a_recipe_for_the_shell(text: str, folder: Path, receiver: Receiver) -> None:
    needs(*(name for name in ("jq", "curl", "sqlite3", "ndiff") if name in text))
    url = f"http://127.0.0.1:{receiver.server_port}"
    setting_up = [block for block in SHELL if "bulk.ndjson" in block] if "$ELASTIC" in text else []
    text = re.sub(r"ndiff -v .*", r"\g<0> || [ $? = 1 ]", text.replace("192.0.2.0/24", "127.0.0.0/8"))
    printed = shell(text, folder, ELASTIC=url)
    if setting_up and "_bulk" in text:
        records = [json.loads(line) for line in (folder / "scan.jsonl").read_bytes().splitlines()]
        assert list(receiver.documents.values()) == records
        assert len(receiver.documents) == 600
    elif setting_up:
        assert receiver.indexes == {"/banner": {"time": "date", "ip": "ip", "details": "flattened"}}
    elif written := re.findall(r"-o (\w+\.jsonl)", text):
        assert all((folder / name).stat().st_size for name in written)
    elif "ndiff" in text:
        assert "220 hello again" in printed
    else:
        assert printed.strip() or "zgrab2" in text


def test_duckdb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(folder)
    (text,) = blocks(RECIPES, "sql")
    queries = [line for line in text.split(";\n") if line]
    assert len(queries) >= 6
    for query in queries:
        assert duckdb.sql(query).fetchall(), query


PROGRAMS = blocks(RECIPES, "python")
(FASTAPI,) = (text for text in PROGRAMS if "FastAPI()" in text)
(NOTEBOOK,) = (text for text in PROGRAMS if "async with" in text)


async def test_the_recipe_for_a_notebook() -> None:
    pytest.importorskip("pandas")
    cell, last = NOTEBOOK.rstrip().rsplit("\n", 1)
    names: dict[str, Any] = {}
    await eval(compile(cell, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
    table = eval(last, names)  # what a notebook shows
    assert list(table["port"]) == [21, 22, 25, 80]
    assert set(table["status"]) <= set(Status)


async def test_the_recipe_for_fastapi() -> None:
    pytest.importorskip("fastapi")
    httpx = pytest.importorskip("httpx")
    names: dict[str, Any] = {}
    exec(FASTAPI, names)
    transport = httpx.ASGITransport(app=names["app"])
    async with httpx.AsyncClient(transport=transport, base_url="http://app.example") as client:
        denied = await client.get("/grab", params={"host": "127.0.0.1", "port": 22})
        assert (denied.status_code, denied.json()["status"]) == (200, "denied")
        assert (await client.get("/grab", params={"host": "a..b"})).status_code == 400
        async with testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\r\n") as server:
            names["policy"] = banner.Policy(allow=["loopback"])
            answer = await client.get("/grab", params={"host": server.host, "port": server.port})
            assert answer.json()["service"]["product"] == "OpenSSH"


@pytest.mark.parametrize(
    "text", [text for text in PROGRAMS if text not in (FASTAPI, NOTEBOOK)], ids=lambda text: text.split()[1]
)
def test_a_recipe_for_python(text: str, folder: Path) -> None:
    module = text.split()[1].split(".")[0]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=folder,
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


NIGHTLY, *AFTERWARDS = blocks(DIFF, "sh")


def test_every_night(tmp_path: Path, receiver: Receiver) -> None:
    """A mail where something changed, and no word where nothing did; the webhooks get the same."""
    needs("jq", "curl")
    programs = tmp_path / "programs"
    programs.mkdir()
    program(programs / "mail", f'{{ echo "$@"; cat; }} >>"{tmp_path}/mail"')
    program(programs / "nightly-banners", NIGHTLY.replace("/var/lib/banners", str(tmp_path)))
    host = own_address()
    (tmp_path / "targets.txt").write_text(f"{host}:2525\n")
    for version in ("4.96", "4.96", "4.97"):
        greeting = b"220 mail.example ESMTP Exim %s\r\n" % version.encode()
        assert not (tmp_path / "mail").exists()
        if (tmp_path / "old.jsonl").exists():
            shutil.copy(tmp_path / "old.jsonl", tmp_path / "before.jsonl")
        with Servers() as servers:
            servers.start(partial(testing.closer, greeting, host=host, port=2525))
            assert shell("nightly-banners", tmp_path) == ""
    change = f"~ {host}:2525".ljust(25) + "version-changed     4.96 -> 4.97\n"
    assert (tmp_path / "mail").read_text() == "-s banners changed ops@example.org\n" + change
    assert (tmp_path / "changes.html").exists()
    (tmp_path / "old.jsonl").rename(tmp_path / "new.jsonl")
    (tmp_path / "before.jsonl").rename(tmp_path / "old.jsonl")
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    text, each, lasting = AFTERWARDS
    shell(text, tmp_path, WEBHOOK=url)
    shell(each, tmp_path, WEBHOOK=url)
    assert receiver.messages[0] == {"text": change}
    assert [(one["kind"], one["host"]) for one in receiver.messages[1:]] == [("version-changed", host)]
    for name, of in (("saturday", "old"), ("sunday", "new"), ("monday", "new")):
        shutil.copy(tmp_path / f"{of}.jsonl", tmp_path / f"{name}.jsonl")
    assert json.loads(shell("set +e\n" + lasting, tmp_path))["kind"] == "version-changed"
