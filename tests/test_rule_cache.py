"""The cache of tables: what is damaged, foreign or unwritable is as if it were not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from banner import Rules
from banner.recognition import cache
from banner.recognition.table import digest

GREETING = b"SSH-2.0-OpenSSH_9.6\r\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache.folder()


def product() -> str | None:
    found = Rules().identify(GREETING)
    return found.product if found else None


def test_what_is_kept_is_fetched(home: Path) -> None:
    assert cache.fetch("k") is None
    cache.keep("k", b"data")
    assert cache.fetch("k") == b"data"
    assert [path.name for path in home.iterdir()] == ["k.table"]
    assert (home / "k.table").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"x" * 500])
def test_damage_is_seen(damage: bytes, home: Path) -> None:
    cache.keep("k", b"data")
    (home / "k.table").write_bytes(damage)
    assert cache.fetch("k") is None


def test_every_flipped_byte_is_seen(home: Path) -> None:
    cache.keep("k", b"data")
    whole = (home / "k.table").read_bytes()
    for at in range(len(whole)):
        (home / "k.table").write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        assert cache.fetch("k") is None


def test_what_others_can_write_is_not_believed(home: Path) -> None:
    cache.keep("k", b"data")
    (home / "k.table").chmod(0o666)
    assert cache.fetch("k") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_what_belongs_to_others_is_not_believed(home: Path) -> None:
    cache.keep("k", b"data")
    os.chown(home / "k.table", 12345, 12345)
    assert cache.fetch("k") is None


def test_links_and_pipes_are_not_followed(home: Path, tmp_path: Path) -> None:
    cache.keep("k", b"data")
    (home / "k.table").rename(tmp_path / "elsewhere")
    (home / "k.table").symlink_to(tmp_path / "elsewhere")
    assert cache.fetch("k") is None
    (home / "k.table").unlink()
    os.mkfifo(home / "k.table")
    assert cache.fetch("k") is None


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.keep("k", b"data")
    assert cache.fetch("k") is None
    assert product() == "OpenSSH"


def test_old_entries_go(home: Path) -> None:
    for number in range(20):
        cache.keep(f"k{number}", b"data")
    assert len(list(home.iterdir())) == 12
    assert cache.fetch("k19") == b"data"


def test_rules_are_the_same_from_the_cache_and_without_it(home: Path) -> None:
    assert product() == "OpenSSH"
    (entry,) = home.glob("*.table")
    before = entry.stat().st_mtime_ns
    assert product() == "OpenSSH"
    assert entry.stat().st_mtime_ns == before
    cache.keep(entry.stem, b"\x81 not a table")  # whole, and still nonsense
    assert product() == "OpenSSH"


def test_other_content_is_another_entry(tmp_path: Path) -> None:
    path = tmp_path / "x"
    digests = {digest("a", [(path, b"1")]), digest("a", [(path, b"2")]), digest("b", [(path, b"1")])}
    assert len(digests) == 3
