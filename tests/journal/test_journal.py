from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banner.journal import journal
from banner.journal.journal import Heading, Journal, JournalError, check_output, checkpoint, read
from banner.journal.ledger import Ledger
from banner.journal.output import File, Records
from banner.models import Target

HEADING = Heading({"targets": ["10.0.0.0/24:22"]}, {"seed": 7})


@pytest.fixture
def output(tmp_path: Path) -> Iterator[int]:
    fd = os.open(tmp_path / "out.jsonl", os.O_RDWR | os.O_CREAT)
    yield fd
    os.close(fd)


def ledger(following: int, *pending: int) -> Ledger:
    return Ledger(following, {at: Target("10.0.0.1", at % 65535 + 1) for at in pending})


def written(path: Path, output: int, *states: Ledger) -> Journal:
    kept = Journal(str(path), HEADING, File(output))
    kept.begin(checkpoint(0, Ledger()))
    for state in states:
        os.write(output, b"x" * 100)
        kept.record(checkpoint(os.lseek(output, 0, os.SEEK_CUR), state))
    return kept


def test_the_last_checkpoint_is_what_holds(tmp_path: Path, output: int) -> None:
    path = tmp_path / "j"
    kept = written(path, output, ledger(10, 3, 4, 9), ledger(20_000, 9, 11_000))
    heading, last = read(str(path))
    assert heading == HEADING
    assert (last.output, last.following, journal.pending(last)) == (200, 20_000, [9, 11_000])
    check_output(File(output), "out", last)
    kept.end()
    assert not path.exists()


def test_a_sealed_journal_stays(tmp_path: Path, output: int) -> None:
    written(tmp_path / "j", output, ledger(5)).end(str(tmp_path / "sealed"))
    assert read(str(tmp_path / "sealed"))[1].following == 5
    assert not (tmp_path / "j").exists()


def test_a_journal_is_as_large_as_what_is_in_flight(tmp_path: Path, output: int) -> None:
    path = tmp_path / "j"
    kept = written(path, output)
    largest = 0
    for step in range(2000):
        kept.record(checkpoint(0, ledger(1000 * step + 100, *range(1000 * step, 1000 * step + 100))))
        largest = max(largest, path.stat().st_size)
    assert largest < journal.LEAST + 9 * journal.ROOM
    assert read(str(path))[1].following == 1_999_100
    assert not (tmp_path / "j.new").exists()


@settings(max_examples=50)  # each writes to the disk
@given(st.integers(1, 4000), st.binary(max_size=2000), st.integers(0, 5))
def test_a_damaged_end_leaves_an_earlier_checkpoint(
    tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes, records: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    fd = os.open(folder / "out", os.O_RDWR | os.O_CREAT)
    written(folder / "j", fd, *(ledger(n) for n in range(1, records + 1))).close()
    os.close(fd)
    whole = (folder / "j").read_bytes()
    spared = max(len(whole) - cut, len(whole.split(b"\n")[0]) + 1)
    (folder / "j").write_bytes(whole[:spared] + noise)
    heading, last = read(str(folder / "j"))
    assert heading == HEADING
    assert 0 <= last.following <= records
    if last.following:
        assert last.output == 100 * last.following


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged"),
        (b"\0" * 5000, "damaged"),
        (b"00000000 {}\n", "damaged"),
        (journal._line(Heading({}, {}, 2)), "version 2"),
        (b"a3\n", "damaged"),
    ],
)
def test_what_is_no_journal_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(JournalError, match=reason):
        read(str(tmp_path / "j"))


def test_another_output_is_noticed(tmp_path: Path, output: int) -> None:
    written(tmp_path / "j", output, ledger(10)).close()
    _, last = read(str(tmp_path / "j"))
    os.pwrite(output, b"y", 50)
    with pytest.raises(JournalError, match="not the output"):
        check_output(File(output), "out", last)
    os.ftruncate(output, 99)
    with pytest.raises(JournalError, match="1 bytes shorter"):
        check_output(File(output), "out", last)


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, output: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "j"
    kept = written(path, output, ledger(10))
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if len(data) <= 100:
            raise OSError(28, "No space left on device")
        return write(fd, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            kept.record(checkpoint(100, ledger(20)))
    assert read(str(path))[1].following == 10
    kept.record(checkpoint(100, ledger(30)))
    assert read(str(path))[1].following == 30


def test_records_end_where_a_line_is_none(tmp_path: Path) -> None:
    good = b'{"v":1,"host":"a","port":1,"status":"silent"}\n{"host":"::1","port":2,"tag":"t","x":[{}]}\n'
    path = tmp_path / "out"
    for bad in (b"", b'{"host":"c","port":3}', b"\0\0\n" + good, b"\xff\n", b'{"host":"c"}\n', b"[" * 9000):
        path.write_bytes(b"skipped" + good + bad)
        with path.open("rb") as file:
            records = Records(file, 7)
            assert list(records) == [Target("a", 1), Target("::1", 2, "t")]
            assert records.end == 7 + len(good)
