"""The cache of tables: what is damaged, foreign or unwritable is as if it were not there."""

from __future__ import annotations

import os
import time
from pathlib import Path
from zlib import crc32

import pytest

from banner import Rules
from banner.recognition import build, cache, table

GREETING = b"SSH-2.0-OpenSSH_9.6\r\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = cache.folder()
    assert folder is not None
    return Path(folder)


def product() -> str | None:
    found = Rules().identify(GREETING)
    return found.product if found else None


def test_what_is_kept_is_fetched(home: Path) -> None:
    assert cache.fetch("k") is None
    cache.keep("k", b"head", [b"da", b"ta"])
    assert content() == (b"head", b"data")
    assert [path.name for path in home.iterdir()] == ["k.table"]
    assert (home / "k.table").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at_home", ["~", "here"])
def test_who_has_no_home_keeps_nothing(at_home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Least of all in the working folder."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", at_home)
    monkeypatch.chdir(tmp_path)
    assert cache.folder() is None
    cache.keep("k", b"head", [b"da", b"ta"])
    assert cache.fetch("k") is None
    assert list(tmp_path.iterdir()) == []


def content() -> tuple[bytes, bytes | None] | None:
    """What is kept under "k": its head and its part."""
    entry = cache.fetch("k")
    return None if entry is None else (entry.head, entry.read(0, 4, crc32(b"data")))


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"x" * 500])
def test_damage_is_seen(damage: bytes, home: Path) -> None:
    cache.keep("k", b"head", [b"da", b"ta"])
    (home / "k.table").write_bytes(damage)
    assert cache.fetch("k") is None


def test_every_flipped_byte_is_seen(home: Path) -> None:
    cache.keep("k", b"head", [b"da", b"ta"])
    whole = (home / "k.table").read_bytes()
    for at in range(len(whole)):
        (home / "k.table").write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        assert content() in (None, (b"head", None))


def test_what_others_can_write_is_not_believed(home: Path) -> None:
    cache.keep("k", b"head", [b"da", b"ta"])
    (home / "k.table").chmod(0o666)
    assert cache.fetch("k") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_what_belongs_to_others_is_not_believed(home: Path) -> None:
    cache.keep("k", b"head", [b"da", b"ta"])
    os.chown(home / "k.table", 12345, 12345)
    assert cache.fetch("k") is None


def test_links_and_pipes_are_not_followed(home: Path, tmp_path: Path) -> None:
    cache.keep("k", b"head", [b"da", b"ta"])
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
    cache.keep("k", b"head", [b"da", b"ta"])
    assert cache.fetch("k") is None
    assert product() == "OpenSSH"


def test_old_entries_go(home: Path) -> None:
    for number in range(20):
        cache.keep(f"k{number}", b"head", [])
    assert len(list(home.iterdir())) == 12
    assert cache.fetch("k19") is not None


def test_entries_of_one_kind_drive_out_none_of_another(home: Path) -> None:
    cache.keep("built-in-0", b"head", [])
    for number in range(40):
        cache.keep(f"probes-tcp-{number}", b"head", [])
    assert cache.fetch("built-in-0") is not None
    assert 0 < len(list(home.rglob("probes-*.table"))) < 40


def test_rules_are_the_same_from_the_cache_and_without_it(home: Path) -> None:
    assert product() == "OpenSSH"
    (entry,) = home.glob("*.table")
    before = entry.stat().st_mtime_ns
    assert product() == "OpenSSH"
    assert entry.stat().st_mtime_ns == before
    cache.keep(entry.stem, b"\x81 not a table", [])  # whole, and still nonsense
    assert product() == "OpenSSH"


def test_what_is_damaged_behind_its_head_is_built_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "settled", lambda paths: True)
    path = tmp_path / "own.xml"
    write(path, "Alpha")
    assert own_product(path) == "Alpha"
    (entry,) = home.glob("*.table")
    whole = entry.read_bytes()
    kept = Rules(path, built_in=False)  # the head was read, and no key's rules
    begin = 8 + int.from_bytes(whole[4:8])
    entry.write_bytes(whole[:begin] + bytes(len(whole) - begin))
    found = kept.identify(b"SSH-2.0-Own_1\r\n")
    assert found is not None
    assert found.product == "Alpha"


def test_however_many_keys_went_the_table_is_built_once_more(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a package is exchanged under a process that runs: to build takes seconds."""
    monkeypatch.setattr(table, "settled", lambda paths: True)
    built: list[int] = []

    def build(files: list[tuple[Path, bytes]]) -> table.Table:
        built.append(len(files))
        return table.Table({key: key.encode() for key in ("a", "b", "c")}, [])

    path = tmp_path / "own.xml"
    path.write_bytes(b"")
    table.loaded("own", [path], build)
    kept = table.loaded("own", [path], build)
    assert len(built) == 1
    for entry in home.iterdir():
        entry.unlink()
    assert {key: kept.keys[key] for key in kept.keys} == {"a": b"a", "b": b"b", "c": b"c"}
    assert len(built) == 2


def test_rules_that_went_say_nothing_and_raise_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "settled", lambda paths: True)
    path = tmp_path / "own.xml"
    write(path, "Alpha")
    assert own_product(path) == "Alpha"
    kept = Rules(path, built_in=False)
    path.unlink()
    for entry in home.iterdir():
        entry.unlink()
    found = kept.identify(b"SSH-2.0-Own_1\r\n")
    assert found is not None
    assert (found.name, found.product) == ("ssh", None)


def test_the_shipped_table_is_used_while_the_rules_are_those_it_was_made_of(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "RULES", str(tmp_path / "rules"))
    monkeypatch.setattr(table, "SHIPPED", str(tmp_path / "rules.table"))
    monkeypatch.setattr(build, "BUILT_IN", tmp_path / "rules")
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules" / "own.xml", "Alpha")
    (tmp_path / "rules.table").write_bytes(build.shipped())
    (tmp_path / "rules.table").chmod(0o644)  # it is read as the code beside it is, whoever owns it

    def own() -> str | None:
        found = Rules().identify(b"SSH-2.0-Own_1\r\n")
        return found.product if found else None

    with monkeypatch.context() as unreadable:
        unreadable.setattr(Path, "read_bytes", None)
        assert own() == "Alpha"
    assert not home.exists()  # nothing had to be built or kept
    write(tmp_path / "rules" / "own.xml", "Another")
    assert own() == "Another"


RULES = """<fingerprints matches="ssh.banner" protocol="ssh"><fingerprint pattern="^Own_(\\d)$">
<description>Own</description><param pos="0" name="service.product" value="{}"/></fingerprint></fingerprints>"""


def own_product(path: Path) -> str | None:
    found = Rules(path, built_in=False).identify(b"SSH-2.0-Own_1\r\n")
    return found.product if found else None


def write(path: Path, product: str, *, like: os.stat_result | None = None) -> None:
    """Write the rules; with `like` the time of the change is as it was, as after ``cp -p``."""
    deadline = time.monotonic() + 10
    while True:
        path.write_text(RULES.format(product))
        if like is None:
            return
        os.utime(path, ns=(like.st_atime_ns, like.st_mtime_ns))
        if path.stat().st_ctime_ns != like.st_ctime_ns:  # the clock of files has steps
            return
        assert time.monotonic() < deadline


def test_an_edited_rule_speaks_at_once(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "settled", lambda paths: True)
    path = tmp_path / "own.xml"
    write(path, "Alpha")
    assert own_product(path) == "Alpha"
    assert len(list(home.glob("*.table"))) == 1
    before = path.stat()
    write(path, "Gamma", like=before)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert own_product(path) == "Gamma"
    assert len(list(home.glob("*.table"))) == 1


def test_what_did_not_change_is_not_read(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "settled", lambda paths: True)
    path = tmp_path / "own.xml"
    write(path, "Alpha")
    assert own_product(path) == "Alpha"
    monkeypatch.setattr(Path, "read_bytes", None)
    assert own_product(path) == "Alpha"


def test_what_changed_just_now_is_not_kept(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.xml"
    write(path, "Alpha")
    os.utime(path, (2**32, 2**32))  # a change in times to come is never long ago
    assert own_product(path) == "Alpha"
    assert not home.exists() or not list(home.glob("*.table"))


def test_other_code_and_another_folder_are_another_stamp(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    for path in (first, second):
        write(path, "Alpha")
    stamps = {
        table.stamp_of("recog", [first]),
        table.stamp_of("recog", [second]),
        table.stamp_of("x", [first]),
    }
    monkeypatch.setattr(table, "__version__", "another")
    stamps.add(table.stamp_of("recog", [first]))
    assert len(stamps) == 4


def test_a_table_of_something_else_under_the_same_name_is_not_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "settled", lambda paths: True)
    monkeypatch.setattr(table, "crc32", lambda data: 0)
    for name in ("Alpha", "Beta"):
        write(tmp_path / f"{name}.xml", name)
    assert [own_product(tmp_path / f"{name}.xml") for name in ("Alpha", "Beta", "Alpha")] == [
        "Alpha",
        "Beta",
        "Alpha",
    ]
