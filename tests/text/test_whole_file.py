"""A file that is put in its place whole: never half, and never in the place of a device, a pipe or a link."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from banner.text.files import whole_file


def test_a_file_appears_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with whole_file(str(path)) as file:
        file.write(b"first")
        assert not path.exists()
    with pytest.raises(ZeroDivisionError), whole_file(str(path)) as file:
        file.write(b"sec")
        raise ZeroDivisionError
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to("real")
    with whole_file(str(link)) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    with whole_file(str(pipe)) as file:
        file.write(b"a page")
    reader.join()
    assert heard == [b"a page"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_a_device_has_no_room_for_is_told() -> None:
    with pytest.raises(OSError, match="No space left"), whole_file("/dev/full") as file:
        file.write(b"a page")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), whole_file(str(tmp_path)):
        pass
