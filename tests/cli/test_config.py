"""``banner.toml``: which file wins, what adds up, and what is wrong with it, told with its line."""

from __future__ import annotations

import argparse
import os
import tomllib
from pathlib import Path

import pytest

from banner import testing
from banner.cli import config
from banner.cli.main import main
from banner.cli.options import build_parser
from tests.command import Servers, records, run


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The user's folder, the working folder, and that of a list."""
    found = {name: tmp_path / name for name in ("home/banner", "work", "lists")}
    for folder in found.values():
        folder.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "lists" / "hosts.txt").write_text("127.0.0.1:9\n")
    return {name.partition("/")[0]: folder for name, folder in found.items()}


def parsed(*arguments: str) -> argparse.Namespace:
    """What `main` makes of a command line."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    config.apply(options.parser, config.effective(options.parser, options))
    return parser.parse_args(arguments)


def test_the_nearer_file_wins_and_the_command_line_before_all(places: dict[str, Path]) -> None:
    (places["home"] / "banner.toml").write_text(
        'rate = 10\nmode = "full"\nehlo = "home.example"\nper-host = 2\n'
    )
    (places["work"] / "banner.toml").write_text('rate = 20\nmode = "tls"\n')
    (places["lists"] / "banner.toml").write_text("rate = 30.5\n")
    scan = ["scan", "-i", str(places["lists"] / "hosts.txt")]
    options = parsed(*scan)
    assert (options.rate, options.mode, options.ehlo, options.per_host) == (30.5, "tls", "home.example", 2)
    assert parsed("scan", "h:22").rate == 20
    options = parsed(*scan, "--rate", "40", "--mode", "light")
    assert (options.rate, options.mode) == (40, "light")
    assert parsed("grab", "h:22").mode == "tls"  # which has no rate


def test_what_is_excluded_adds_up_and_paths_are_relative_to_the_file(places: dict[str, Path]) -> None:
    (places["home"] / "banner.toml").write_text('exclude-file = "never.txt"\nexclude = ["192.0.2.0/24"]\n')
    (places["lists"] / "banner.toml").write_text(
        'exclude-file = ["a.txt", "/b.txt"]\nrules = "recog"\nprobe = ["ssh"]\n'
    )
    scan = ["scan", "-i", str(places["lists"] / "hosts.txt")]
    options = parsed(*scan, "--exclude", "::1", "--exclude-file", "mine.txt", "--probe", "http")
    assert options.exclude == ["192.0.2.0/24", "::1"]
    assert options.exclude_file == [
        str(places["home"] / "never.txt"),
        str(places["lists"] / "a.txt"),
        *("/b.txt", "mine.txt"),
    ]
    assert (options.probe, parsed(*scan).probe) == (["http"], ["ssh"])
    assert options.rules == [str(places["lists"] / "recog")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# ours\nrat = 5\n", "line 2: there is no key rat; did you mean rate"),
        ("\n[scan]\nrate = 5\n", "line 2: there is no key scan"),
        ("rate = 0\n", "line 1: rate: '0' is not a number above 0"),
        ("rate = true\n", "line 1: rate is a text or a number"),
        ("mode = 'fast'\n", "line 1: mode: there is no 'fast'"),
        ("ehlo = ['a', 'b']\n", "line 1: ehlo is one value"),
        ("quiet = 'yes'\n", "line 1: quiet is true or false"),
        ("rate = \n", "at line 1"),
        ("output = 'x.jsonl'\n", "line 1: there is no key output"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    places: dict[str, Path], text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (places["work"] / "banner.toml").write_text(text)
    for command in (["scan", "127.0.0.1:9"], ["config"]):
        with pytest.raises(SystemExit, match="2"):
            main(command)
        last = capsys.readouterr().err.splitlines()[-1]
        assert str(places["work"] / "banner.toml") in last
        assert told in last


def test_config_says_what_holds_and_is_such_a_file(
    places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = places["work"] / "banner.toml"
    path.write_text('# ours\nexclude-file = "never.txt"\nports = [22, "80-81"]\nquiet = true\n')
    assert main(["config"]) == 0
    shown = capsys.readouterr().out
    assert f'exclude-file = ["{places["work"]}/never.txt"]' in shown
    assert f"# {path}, line 2\n" in shown
    assert 'mode = "light"' in shown
    assert f"# {places['home']}/banner.toml: not there\n# {path}: read\n" in shown
    assert "# default\n" in shown
    assert {"ports": "22,80-81", "quiet": True, "order": "shuffled"}.items() <= tomllib.loads(shown).items()
    path.write_text(shown)
    main(["config"])
    assert tomllib.loads(capsys.readouterr().out) == tomllib.loads(shown)


def test_every_key_is_an_option_of_a_scan() -> None:
    options = {
        text for action in build_parser().command_parser("scan")._actions for text in action.option_strings
    }
    assert {f"--{key}" for key in config.KEYS} <= options


def test_a_forgotten_exclusion_is_no_longer_forgotten(tmp_path: Path) -> None:
    (tmp_path / "banner.toml").write_text('exclude = "127.0.0.1"\n')
    (tmp_path / "never.txt").write_text("127.0.0.1\n")
    with Servers() as servers:
        server = servers.start(lambda: testing.greeter(b"220 ready\r\n"))
        hosts = tmp_path / "hosts.txt"
        hosts.write_text(f"127.0.0.1:{server.port}\n")
        done = run("scan", "-i", str(hosts))
        assert [record["status"] for record in records(done.stdout)] == ["denied"]
        assert server.connections == 0
        done = run("scan", "-i", str(hosts), "--no-config")
        assert [record["status"] for record in records(done.stdout)] == ["banner"]
        # A scan goes on with what it began with.
        out = str(tmp_path / "out.jsonl")
        (tmp_path / "banner.toml").write_text("rate = 50\n")
        assert run("scan", "-i", str(hosts), "-o", out, "--max-time", "0.000001").returncode == 0
        (tmp_path / "banner.toml").write_text("rate = 60\n")
        assert run("scan", "--resume", "-o", out).returncode == 0
        assert len(records(Path(out).read_bytes())) == 1


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    lists, gone = tmp_path / "lists", tmp_path / "gone"
    for folder in (lists, gone):
        folder.mkdir()
    (lists / "hosts.txt").write_text("127.0.0.1:1\n")
    (lists / "banner.toml").write_text('exclude = "127.0.0.1"\n')

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    done = run("scan", "-i", str(lists / "hosts.txt"), "-o", "-", preexec=leave)
    assert [record["status"] for record in records(done.stdout)] == ["denied"]
    gone.mkdir()
    done = run("scan", "127.0.0.1:1", "-o", "out.jsonl", preexec=leave)
    assert (done.returncode, done.stderr) == (
        3,
        b"banner: cannot write out.jsonl: No such file or directory\n",
    )
