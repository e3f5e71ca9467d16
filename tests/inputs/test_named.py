"""`banner.targets`: what the command line can, for programs."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import threading
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

import banner
from banner import Target, testing
from banner.formats.registry import FORMATS

REAL = Path(__file__).parent / "outputs_of_tools"


def texts(found: banner.NamedTargets) -> list[str]:
    return [f"{one.host}:{one.port}" for one in found]


def test_networks_hosts_and_ports() -> None:
    found = banner.targets("192.0.2.0/30", "host:8080", "[2001:db8::1]:22", ports="22,80")
    assert len(found) == 10
    assert texts(found)[:3] == ["192.0.2.0:22", "192.0.2.0:80", "192.0.2.1:22"]
    assert texts(found)[-2:] == ["host:8080", "2001:db8::1:22"]
    assert found[-1] == Target("2001:db8::1", 22)
    assert list(found) == list(found), "it is iterated as often as one likes"
    for ports in (22, [22], "22", (22,)):
        assert texts(banner.targets(ip_network("192.0.2.7/32"), ports=ports)) == ["192.0.2.7:22"]


def test_a_network_of_any_size_costs_nothing() -> None:
    found = banner.targets("2001:db8::/32", ports="22")
    assert found.size == 2**96
    assert next(iter(found)).host == "2001:db8::"
    with pytest.raises(OverflowError):
        len(found)


def test_a_seed_shuffles_and_shards_are_the_whole() -> None:
    whole = banner.targets("192.0.2.0/24", ports="22,80", seed=7)
    plain = banner.targets("192.0.2.0/24", ports="22,80")
    assert list(whole) != list(plain)
    assert sorted(texts(whole)) == sorted(texts(plain))
    for seed in (None, 7):
        whole = banner.targets("192.0.2.0/24", ports="22,80", seed=seed)
        parts = [banner.targets("192.0.2.0/24", ports="22,80", seed=seed, shard=(i, 4)) for i in range(1, 5)]
        assert [target for part in parts for target in part] == list(whole)
        assert [len(part) for part in parts] == [128] * 4
        assert list(banner.targets("192.0.2.0/24", ports="22,80", seed=seed, shard="2/4")) == list(parts[1])


@pytest.mark.parametrize("seed", [None, 7])
def test_a_slice_is_lazy_too(seed: int | None, tmp_path: Path) -> None:
    """As that of a list, whatever its bounds and steps."""
    (tmp_path / "hosts.txt").write_text("198.51.100.1:22\nmail.example:25\n")
    found = banner.targets("192.0.2.0/28", tmp_path / "hosts.txt", ports="22,80", seed=seed)
    whole = list(found)
    for cut in (
        slice(10, 20),
        slice(None, 5),
        slice(-5, None),
        slice(None, None, -1),
        slice(3, 30, 7),
        slice(9, 2),
    ):
        part = found[cut]
        assert list(part) == list(part) == whole[cut]
        assert len(part) == len(whole[cut])
        assert list(part[1:-1]) == whole[cut][1:-1]
        assert list(pickle.loads(pickle.dumps(part))) == whole[cut]
        assert [part[-1]] == whole[cut][-1:] if whole[cut] else not part
    assert found.index(whole[3]) == 3
    assert list(reversed(found)) == whole[::-1]
    large = banner.targets("10.0.0.0/8", "2001:db8::/32", ports=22, seed=seed)
    assert large[10:20][9] == large[19]
    assert len(large[1000:2000:10]) == 100
    with pytest.raises(IndexError):
        _ = large[5:9][4]


def test_what_is_named_can_be_pickled_and_copied(tmp_path: Path) -> None:
    """Read or not: the copy reads the files anew."""
    (tmp_path / "hosts.txt").write_text("198.51.100.1:22\n")
    found = banner.targets(
        "192.0.2.0/30", tmp_path / "hosts.txt", ports=22, exclude="192.0.2.1", seed=7, shard="1/2"
    )
    for _ in range(2):
        for same in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
            assert list(same) == list(found)
            assert same.policy is not None
            assert same.policy.refusal("192.0.2.1", 22) == "excluded"
        assert len(found) == 2


@pytest.mark.parametrize("keep", [None, "scan.jsonl"])
async def test_a_scan_takes_a_slice(keep: str | None, tmp_path: Path) -> None:
    """What is excluded from the whole is excluded from it, and a kept one is known again."""
    async with testing.greeter(b"hi\r\n") as server:
        found = banner.targets(
            "127.0.0.0/26", "localhost", ports=server.port, seed=3, exclude=["127.0.0.1", "::1"]
        )
        path = keep and tmp_path / keep
        async with banner.scan(found[10:20], keep=path) as results:
            assert {grab.ip async for grab in results} == {one.host for one in found[10:20]} - {"localhost"}
            assert results.progress().total == 10
        (named,) = [number for number, one in enumerate(found) if one.host == "localhost"]
        async with banner.scan(found[named:][:1]) as results:
            assert [grab.status async for grab in results] == [banner.Status.DENIED]


async def test_a_kept_slice_goes_on_and_takes_no_other(tmp_path: Path) -> None:
    async with testing.greeter(b"hi\r\n") as server:
        found = banner.targets("127.0.0.0/26", ports=server.port, seed=3)
        part = found[10:50]
        async with banner.scan(part, keep=tmp_path / "scan.jsonl", concurrency=2) as results:
            async for _ in results:
                break
        other = banner.targets("127.0.0.0/26", ports=server.port, seed=4)
        for wrong in (found[11:50], other[10:50], found):
            with pytest.raises(ValueError, match="targets"):
                async with banner.scan(wrong, keep=tmp_path / "scan.jsonl"):
                    pass
        async with banner.scan(part, keep=tmp_path / "scan.jsonl") as results:
            assert len([grab async for grab in results]) <= 39
        visited = [grab.host for grab in banner.read(tmp_path / "scan.jsonl")]
        assert sorted(visited) == sorted(one.host for one in part)


@pytest.mark.parametrize("seed", [None, 7])
def test_files_with_what_is_named(seed: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hosts.txt").write_text("198.51.100.1\nmail.example:25 a tag\n")
    Path("localhost").write_text("198.51.100.2\n")
    found = banner.targets("192.0.2.1", "hosts.txt", Path("localhost"), ports="22", seed=seed)
    assert len(found) == 4
    assert sorted(texts(found)) == ["192.0.2.1:22", "198.51.100.1:22", "198.51.100.2:22", "mail.example:25"]
    assert {one.tag for one in found} == {None, "a tag"}


@pytest.mark.parametrize("path", sorted(REAL.glob("nmap*.xml")), ids=lambda path: path.name)
def test_outputs_of_other_tools(path: Path) -> None:
    found = banner.targets(path, bad=lambda *_: None)
    assert len(found) == len(list(found)) > 0


@pytest.mark.parametrize("suffix", [suffixes[0] for suffixes in FORMATS.values() if suffixes])
def test_former_scans(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scan{suffix}"
    banner.write(path, [banner.Grab(1.0, "192.0.2.1", 22, banner.Status.BANNER, "192.0.2.1", banner=b"x")])
    assert texts(banner.targets(str(path))) == ["192.0.2.1:22"]
    assert len(banner.targets(path)) == 1


def test_what_is_wrong_is_raised_or_told(tmp_path: Path) -> None:
    path = tmp_path / "hosts.txt"
    path.write_text("192.0.2.1:22\n1.2.3.256:22\n192.0.2.2:22\n")
    found = banner.targets(path)
    for use in (list, len, lambda found: found[0]):
        with pytest.raises(ValueError, match=r"hosts\.txt, line 2: .*1\.2\.3\.256"):
            use(found)
    told: list[tuple[str, int]] = []
    found = banner.targets(path, bad=lambda name, number, reason: told.append((name, number)))
    assert texts(found) == ["192.0.2.1:22", "192.0.2.2:22"]
    assert told == [(str(path), 2)]
    path.write_text("")
    assert list(banner.targets(path)) == []


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: banner.targets(), ValueError),
        (lambda: banner.targets("192.0.2.0/24"), ValueError),
        (lambda: banner.targets("127.1", ports=22), ValueError),
        (lambda: banner.targets("192.0.2.1", ports=0), ValueError),
        (lambda: banner.targets("192.0.2.1", ports=22, shard=(5, 4)), ValueError),
        (lambda: banner.targets("192.0.2.1", ports=22, exclude=["nonsense"]), ValueError),
        (lambda: banner.targets("missing.txt", ports=22), FileNotFoundError),
        (lambda: banner.targets("missing.bz2", ports=22), FileNotFoundError),
        (lambda: banner.targets("missing.txt.xz", ports=22), FileNotFoundError),
        (lambda: banner.targets(Path("missing"), ports=22), FileNotFoundError),
        (lambda: banner.targets("192.0.2.1", ports=22, exclude=Path("missing")), FileNotFoundError),
        (lambda: banner.targets(Path("/")), IsADirectoryError),
    ],
)
def test_mistakes_are_told_at_once(make: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        make()


def test_exclusions_are_cut_out(tmp_path: Path) -> None:
    (tmp_path / "never.txt").write_text("192.0.2.3  # the director's\n")
    found = banner.targets("192.0.2.0/29", ports=22, exclude=["192.0.2.4/30", tmp_path / "never.txt"])
    assert texts(found) == ["192.0.2.0:22", "192.0.2.1:22", "192.0.2.2:22"]
    assert len(found) == 3
    assert len(banner.targets("192.0.2.0/29", ports=22, exclude="192.0.2.4/30")) == 4


@pytest.mark.parametrize("policy", [None, banner.Policy()])
async def test_a_scan_visits_nothing_that_is_excluded(policy: banner.Policy | None) -> None:
    """Also what was named by itself, and names that lead there."""
    async with testing.greeter(b"hi\r\n") as server:
        found = banner.targets("localhost", "127.0.0.1", ports=server.port, exclude=["127.0.0.0/8", "::1"])
        async with banner.scan(found, policy=policy) as results:
            assert {grab.status async for grab in results} == {banner.Status.DENIED}
        assert server.connections == 0
        async with banner.scan(banner.targets("127.0.0.1", ports=server.port), policy=policy) as results:
            assert [grab.banner async for grab in results] == [b"hi\r\n"]


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """One that two lines come through: nothing keeps them until somebody reads."""
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def fill() -> None:
        path.write_text("127.0.0.1\n127.0.0.2\n127.0.0.3\n")

    threading.Thread(target=fill, daemon=True).start()
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe with a name")
def test_a_pipe_has_no_length(pipe: Path) -> None:
    found = banner.targets(pipe, ports=22, shard=(2, 2))
    assert found.size is None
    with pytest.raises(TypeError, match="no length"):
        len(found)
    assert texts(found) == ["127.0.0.2:22"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe with a name")
async def test_a_pipe_is_scanned(pipe: Path) -> None:
    async with testing.refuser() as server, banner.scan(banner.targets(pipe, ports=server.port)) as results:
        assert len([grab async for grab in results]) == 3


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="looks at the descriptors of Linux")
def test_nothing_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "hosts.txt").write_text("192.0.2.1:22\n" * 9)
    gc.collect()  # what other tests left
    before = os.listdir("/proc/self/fd")
    found = banner.targets(tmp_path / "hosts.txt", tmp_path / "hosts.txt")
    next(iter(found))
    next(iter(banner.targets(tmp_path / "hosts.txt", seed=3)))
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_the_texts_of_strangers_open_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("hosts.txt", "plain"):
        Path(name).write_text("192.0.2.1\n")
    assert [target.host for target in banner.targets("plain", ports=22)] == ["192.0.2.1"]
    assert [target.host for target in banner.targets("plain", ports=22, files=False)] == ["plain"]
    assert [target.host for target in banner.targets("hosts.txt", ports=22, files=False)] == ["hosts.txt"]
    assert [target.host for target in banner.targets(Path("plain"), ports=22, files=False)] == ["192.0.2.1"]
    for text in ("-", str(tmp_path / "hosts.txt"), "./plain"):
        with pytest.raises(ValueError, match=r"."):
            banner.targets(text, ports=22, files=False)


@pytest.mark.parametrize("wrong", [None, True, 7, b"192.0.2.1", ["192.0.2.1"]])
def test_what_is_no_name_becomes_none(wrong: Any) -> None:
    """``str(None)`` would be the name of a host."""
    with pytest.raises(TypeError, match="targets are named by"):
        banner.targets(wrong, ports=22)
    with pytest.raises(TypeError, match="networks are excluded by"):
        banner.targets("192.0.2.1", ports=22, exclude=[wrong])
