"""``banner report`` as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from banner.cli.main import main
from banner.formats.record import encode

from .sample import scan


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "scan.jsonl"
    path.write_bytes(b"".join(map(encode, scan(30))))
    return path


def test_scans_become_one_page(lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(lines), str(lines), "-o", str(page)]) == 0
    assert '["Targets","60"]' in page.read_text()
    assert '["Scan","scan.jsonl, scan.jsonl"]' in page.read_text()
    assert "<title>scan.jsonl, scan.jsonl: scan report</title>" in page.read_text()
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "scan.jsonl"]


def test_damaged_lines_are_told_and_left_out(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(b"".join([*good[:2], b'{"v":1}\n', b"\n", b"\xff\xfe\n", *good[2:], good[0][:40]]))
    page = tmp_path / "page.html"
    assert main(["report", str(lines), "-o", str(page)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[2] for line in told] == ["line 3", "line 5", "line 34"]
    assert '["Targets","30"]' in page.read_text()
    assert "3 damaged lines were left out." in page.read_text()


def test_a_scan_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.jsonl"
    assert main(["report", str(missing), "-o", str(tmp_path / "page.html")]) == 2
    assert capsys.readouterr().err == f"banner: {missing}: No such file or directory\n"
    assert not (tmp_path / "page.html").exists()


def test_a_page_that_cannot_be_written(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "nowhere" / "page.html"
    assert main(["report", str(lines), "-o", str(page)]) == 3
    assert capsys.readouterr().err == f"banner: cannot write {page}: No such file or directory\n"


def test_from_standard_input_to_standard_output(lines: Path) -> None:
    command = [sys.executable, "-m", "banner", "report", "-", "-o", "-"]
    done = subprocess.run(command, input=lines.read_bytes(), capture_output=True, timeout=120, check=True)
    assert done.stdout.startswith(b"<!doctype html>")
    assert b'["Scan","standard input"]' in done.stdout


@pytest.mark.parametrize("name", ["scan.csv", "scan.sqlite", "scan.jsonl.gz"])
def test_a_scan_in_another_format(lines: Path, tmp_path: Path, name: str) -> None:
    assert main(["convert", str(lines), str(tmp_path / name)]) == 0
    assert main(["report", str(tmp_path / name), "-o", str(tmp_path / "page.html")]) == 0
    assert '["Targets","30"]' in (tmp_path / "page.html").read_text()


def test_a_file_that_is_no_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("hello")
    assert main(["report", str(path), "-o", str(tmp_path / "page.html")]) == 2
    assert capsys.readouterr().err.startswith(f"banner: {path}: neither JSON lines nor CSV")


def test_a_note_says_how_the_scan_was_made(lines: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(lines), "-o", str(page), "--note", "banner scan </script> --seed 7"]) == 0
    assert '"notes":["banner scan \\u003c/script\\u003e --seed 7"]' in page.read_text()
