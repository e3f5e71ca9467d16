"""What `banner grab` and other commands import: half of their time, so whatever is new here is meant to be.

Beside asyncio, argparse and msgspec it needs little: a module that is not named below costs each visit its import.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from banner import testing

from .served import at

BESIDE = {
    *("_bisect", "bisect", "binascii", "resource", "zlib"),
    *("atexit", "importlib", "_datetime", "gc", "errno"),
}
"""Of others, beside what asyncio, argparse and msgspec import by themselves."""
MOST = 110
"""Modules of our own, each some 0.15 ms."""
OF_OTHERS = (
    "banner.tls.c",
    "banner.tls.se",
    "banner.sweep.",
    "banner.fleet.",
    "banner.journal.",
    "banner.probes.udp",
    "banner.inputs.files",
)
"""What one greeting in the clear does not need."""
NOT_HEARD = (
    "banner.tls.c",
    "banner.tls.d",
    "banner.tls.se",
    "banner.probes.",
    "banner.plan.exchange",
    "banner.visit.asking",
    "banner.visit.udp",
    "banner.sweep.inquiry",
    "banner.inputs.neighbours.r",
)
"""What listening to TCP, at targets that were named, does not need."""
MOST_LISTENING = 180
"""As `MOST`, where many are listened to."""
POSTPONED = "from banner.cli.later import postpone, _Later; postpone()"
TELL = "print(*(name for name, module in sys.modules.items() if type(module).__name__ != '_Later'))"
NEEDED = f"import sys; {POSTPONED}; import asyncio, argparse; from banner.text import lean; {TELL}"
GRAB = f"""
import sys, contextlib, io
sys.argv = ["banner"]  # as the command is started
from banner.cli import main
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as said:
    main(["grab", "--no-config", *{{words}}])
    said.flush()
assert b"OpenSSH" in said.buffer.getvalue()
{TELL}
"""


SCAN = f"""
import sys
sys.argv = ["banner"]
from banner.cli import main
assert main(["scan", "--no-config", "--quiet", *{{words}}]) == 0
{TELL}
"""


def imported(code: str) -> set[str]:
    """What `code` has imported at its end, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("words", [("--json",), ()], ids=["a record", "for a person"])
def test_a_grab_imports_what_its_greeting_needs(words: tuple[str, ...], ssh: testing.Server) -> None:
    grab = GRAB.format(words=[at(ssh), *words])
    imported(grab)  # the first one on a machine computes the tables of rules and of dialogues, and keeps them
    there = imported(grab)
    ours = {name for name in there if name.partition(".")[0] == "banner"}
    assert there - ours - imported(NEEDED) <= BESIDE
    assert not [name for name in ours if name.startswith(OF_OTHERS)]
    assert ("banner.cli.commands.card" in ours) is not bool(words)
    assert len(ours) <= MOST, sorted(ours)


COMPILED = """
import builtins, sys
asked, real = [], builtins.compile
def compile(source, file, *rest, **more):
    if file == "<string>":
        asked.append(source)
    return real(source, file, *rest, **more)
builtins.compile = compile
"""
"""Notes what text is compiled that is no file's: annotations."""


@pytest.mark.parametrize("command", ["grab", "identify", "scan"])
def test_no_annotation_is_compiled(command: str, ssh: testing.Server, tmp_path: Path) -> None:
    """Text costs 30 us each, and the first of a process a millisecond: what is decoded, and what is a named tuple, has
    its types as objects."""
    if command == "grab":
        run = GRAB.format(words=[at(ssh), "--json"])
    elif command == "scan":
        run = SCAN.format(words=["--mode", "listen", "-o", str(tmp_path / "out.jsonl"), "--force", at(ssh)])
    else:
        (tmp_path / "text").write_text("SSH-2.0-OpenSSH_9.9\n")
        run = GRAB.replace('"grab", "--no-config"', '"identify"').format(
            words=["--no-config", "--text", f"{tmp_path}/text"]
        )
    imported(run)
    assert imported(f"{COMPILED}{run.replace(TELL, 'print(*asked)')}") == set()


def test_what_the_command_imports_is_not_looked_through_for_garbage() -> None:
    """Before its `main`, which frees nothing while it runs: 0.6 ms."""
    assert (
        imported("""
import gc, sys
sys.argv = ["banner"]
gc.collect()
told = []
gc.callbacks.append(lambda phase, info: "banner.cli.main" in sys.modules and told.append(phase))
from banner.cli import main
kept = [[] for _ in range(50)]  # what is made next asks whether it is time
print(*told)
assert gc.isenabled() and not gc.get_freeze_count()
""")
        == set()
    )


NOT_OF_A_LIST = {"banner.inputs.neighbours.rows", "csv", "uvloop"}
NOT_LISTENING = {"banner.formats.columns", "importlib.util", "ipaddress", "logging", "string", "zlib"}
"""And whoever asks may need some of these for the next hello."""


@pytest.mark.parametrize(
    ("mode", "others"), [("listen", NOT_OF_A_LIST | NOT_LISTENING), ("full", NOT_OF_A_LIST)]
)
def test_a_scan_of_a_list_does_without_what_pays_for_others(
    mode: str, others: set[str], ssh: testing.Server, tmp_path: Path
) -> None:
    """No other tool's rows, no log, nothing that is compressed; and no journal, whose thread of each second needs some
    of these."""
    (tmp_path / "list").write_text("".join(f"127.0.0.{last}:{ssh.port}\n" for last in range(1, 41)))
    words = ["-i", f"{tmp_path}/list", "-o", "/dev/null", "--force", "--mode", mode, "--workers=1"]
    imported(SCAN.format(words=words))
    assert imported(SCAN.format(words=words)) & others == set()


def test_a_scan_of_one_target_does_without_what_pays_for_many(ssh: testing.Server) -> None:
    there = imported(SCAN.format(words=["-o", "/dev/null", "--force", at(ssh)]))
    assert not there & {
        "uvloop",
        "ssl",
        "inspect",
        "pickle",
        "tempfile",
        "shutil",
        "pathlib",
        "random",
        "shlex",
    }
    assert "banner.fleet.workers" not in there


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scan_that_listens_to_many_does_without_what_only_others_need(
    workers: int, ssh: testing.Server
) -> None:
    """uvloop takes two functions of `inspect`: it need not run for that, nor import what it imports. Nobody has TLS
    here, UDP, or a file of targets."""
    pytest.importorskip("uvloop")
    there = listening(ssh, workers)
    assert ("uvloop" in there, "ssl" in there) == (workers > 1, workers > 1)  # one listens as quickly without
    assert not there & {
        "inspect",
        "ast",
        "dis",
        "tokenize",
        "linecache",
        "textwrap",
        "csv",
        "pickle",
        "hashlib",
    }
    ours = {name for name in there if name.partition(".")[0] == "banner"}
    assert not [name for name in ours if name.startswith(NOT_HEARD)]
    assert len(ours) <= MOST_LISTENING, sorted(ours)


def listening(server: testing.Server, workers: int) -> set[str]:
    """What `banner scan` has imported that listened to `server`, and to 127 of its neighbours who are not there."""
    words = ["-o", "/dev/null", "--force", "--mode", "listen", f"--workers={workers}"]
    scan = SCAN.format(words=[*words, f"127.0.0.0/25:{server.port}"])
    imported(scan)
    return imported(scan)


@pytest.mark.parametrize("command", ["diff", "findings", "identify", "scan", "sql"])
def test_no_command_imports_msgspec_with_a_whole_module_of_names(command: str) -> None:
    """Wherever its own modules import msgspec first: reading ``typing_extensions`` takes a quarter of `identify`."""
    there = imported(f"""
import sys, contextlib
from argparse import Namespace
sys.argv = ["banner"]
import banner.cli
with contextlib.suppress(AttributeError):  # of options that were not parsed
    sys.modules["banner.cli.main"]._obey(Namespace(verbose=0, parser=Namespace(command="{command}")))
{TELL}
""")
    assert "msgspec" in there
    assert "typing_extensions" not in there
