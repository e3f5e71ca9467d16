"""However much is wrong with a file, a person reads at most twenty lines, and each cause with its count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import run

RUBBISH = "\n".join(
    ["192.0.2.1", "a b", "x" * 20000, "1.2.3:4", "a..b:1", "[::1:2", "h:99999", "h:0", "h:1-", "h:", "::g"]
    * 50
)


@pytest.mark.parametrize(
    ("data", "most", "told"),
    [
        (b"192.0.2.1\n" * 10000, 2, "9,999 more lines"),
        ("192.0.2.1:22\n".encode("utf-16") * 9, 1, "UTF-16"),
        (b'{"nothing":1}\n' * 500, 2, "499 more lines"),
        (RUBBISH.encode(), 20, "complaints of other kinds"),
        (b"<issues><issue/></issues>", 1, "'issues'"),
        (b"", 1, "no target is named in it"),
        (b"# nothing\n\n", 1, "no target is named in it"),
        (b'<nmaprun><host><status state="up"/></host></nmaprun>', 1, "no target is named in it"),
        (b"masscan/1.1\0\0\0", 1, "--readscan"),
    ],
)
@pytest.mark.parametrize("command", [("scan", "-o", "-", "-i"), ("targets",)])
def test_lines_that_are_told(
    data: bytes, most: int, told: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "in").write_bytes(data)
    done = run(*command, str(tmp_path / "in"))
    lines = done.stderr.decode().splitlines()
    assert 0 < len(lines) <= most
    assert told in done.stderr.decode()


ARRAY = json.dumps([{"a": 1}] * 3000, indent=1)
CUT = "".join(f'{{"v":1,"host":"h{at}","po\n{{"v":1,"host":"h","port":"x{at}"}}\n' for at in range(3000))


@pytest.mark.parametrize("data", [ARRAY, CUT], ids=["array", "cut"])
@pytest.mark.parametrize(
    "command",
    ["convert IN OUT.csv", "show IN", "identify IN", "report IN -o OUT.html", "diff IN IN", "findings IN"],
)
def test_records_that_are_none(command: str, data: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(data)
    words = [word.replace("IN", str(tmp_path / "in.jsonl")) for word in command.split()]
    done = run(*(word.replace("OUT", str(tmp_path / "out")) for word in words))
    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert 0 < len(lines) <= 20
    assert data is ARRAY or any("more lines" in line for line in lines)
