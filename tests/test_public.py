"""The public surface: its names, their order, their types, and what importing them costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any, assert_type

import pytest

import banner
from tests.command import PATIENCE
from tests.documents import ROOT

HEAVY = {
    "rich",
    "cryptography",
    "uvloop",
    "aiodns",
    "ahocorasick_rs",
    "h11",
    "h2",
    "asyncio",
    "ssl",
    "aiohttp",
}


def loaded(code: str) -> set[str]:
    """The top-level modules, and ours in full, that are there after `code` has run in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; sys.stderr.write(' '.join(sys.modules))"],
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=True,
    )
    return {name if name.startswith("banner") else name.partition(".")[0] for name in done.stderr.split()}


def test_the_names_are_sorted_and_all_there() -> None:
    assert banner.__all__ == sorted(banner.__all__, key=str)
    assert dir(banner) == banner.__all__
    for name in banner.__all__:
        value = getattr(banner, name)
        assert name == "__version__" or value.__name__.rpartition(".")[2] == name
        assert getattr(banner, name) is value
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = banner.nonsense


def test_the_names_are_these() -> None:
    assert set(banner.__all__) >= {
        *("Grab", "GrabError", "Mode", "Policy", "Resolver", "Rules", "Scan", "Service", "Status"),
        *("Target", "Timeouts", "Timings", "Tls", "Trace", "Transport", "grab", "identify", "scan"),
    }


def test_a_star_import_gives_the_public_names_alone() -> None:
    names: dict[str, object] = {}
    exec("from banner import *", names)
    assert set(names) - {"__builtins__"} == set(banner.__all__)


def test_identify_stays_the_function_whatever_is_imported() -> None:
    import banner.recognition.identify as module  # noqa: F401
    from banner.recognition.identify import Rules

    assert callable(banner.identify)
    assert banner.Rules is Rules


@pytest.mark.parametrize(
    "code",
    [
        "import banner; banner.identify(b'SSH-2.0-x')",
        "import banner; banner.Grab",
        "from banner.models import Target",
        "from banner.addresses.policy import Policy",
        "from banner.recognition.load import load; load()",
        "from banner.cli.main import main; main(['grab', '127.0.0.1:1'])",
    ],
)
def test_msgspec_is_imported_without_a_whole_module_of_names(code: str) -> None:
    there = loaded(code)
    assert "msgspec" in there
    assert "typing_extensions" not in there


def test_a_grab_of_one_target_does_without_what_pays_for_many() -> None:
    assert "uvloop" not in loaded("from banner.cli.main import main; main(['grab', '127.0.0.1:1'])")


def test_whoever_asks_for_more_meanwhile_gets_the_whole_module() -> None:
    code = """import sys, typing
from banner.text.lean import _StandIn, msgspec
sys.modules["typing_extensions"] = stand_in = _StandIn("typing_extensions")
from typing_extensions import Required, deprecated
assert Required is typing.Required and callable(deprecated) and sys.modules["typing_extensions"] is not stand_in
assert stand_in.deprecated is deprecated
class Point(msgspec.Struct):
    x: typing.Annotated[int, msgspec.Meta(ge=0)]
assert msgspec.json.decode(b'{"x": 1}', type=Point).x == 1"""
    assert "typing_extensions" in loaded(code)


def test_importing_the_package_brings_what_reads_a_greeting_and_no_loop() -> None:
    """Else the first greeting of a program would cost several times what the dearest may."""
    there = loaded("import banner")
    assert "banner.recognition.engine" in there
    assert not there & HEAVY


@pytest.mark.parametrize("name", ["banner", "/usr/local/bin/aiobanner", "C:\\\\Scripts\\\\BANNER.EXE", "-m"])
def test_importing_the_package_costs_the_command_next_to_nothing(name: str) -> None:
    there = loaded(f"import sys; sys.argv[0] = '{name}'; import banner")
    assert not there & (HEAVY | {"msgspec", "re", "typing"})
    assert "banner.recognition" not in there


def test_a_program_without_arguments_of_its_own_may_import_the_package() -> None:
    assert "banner.recognition.engine" in loaded("import sys; sys.argv = []; import banner; sys.argv = ['']")
    assert "banner.recognition.engine" in loaded("import sys; del sys.argv; import banner; sys.argv = ['']")


@pytest.mark.parametrize("name", ["grab", "scan", "identify", "Policy", "Grab"])
def test_using_a_name_does_not_bring_in_what_only_commands_need(name: str) -> None:
    assert not loaded(f"import banner; banner.{name}") & {
        "rich",
        "cryptography",
        "uvloop",
        "argparse",
        "aiohttp",
    }


def test_help_brings_in_neither_a_loop_nor_records() -> None:
    code = (
        "import contextlib, sys\nsys.argv[0] = '/usr/bin/banner'\nfrom banner.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])"
    )
    assert not loaded(code) & (HEAVY | {"msgspec", "typing", "shutil", "dataclasses", "inspect"})


async def the_types_are_as_promised() -> None:
    """Checked by mypy, never run."""
    assert_type(await banner.grab("h", 1), banner.Grab)
    assert_type(await banner.grab("h", 1, mode="listen", policy=banner.Policy()), banner.Grab)
    async with banner.scan([banner.Target("h", 1)]) as results:
        assert_type(results, banner.Scan)
        async for grab in results:
            assert_type(grab, banner.Grab)
            assert_type(grab.status, banner.Status)
            assert_type(grab.banner, bytes)
            assert_type(grab.service, banner.Service | None)
            assert_type(grab.tls, banner.Tls | None)
            assert_type(grab.timings.total, float | None)
            assert_type(grab.raise_for_status(), banner.Grab)
    assert_type(banner.scan(targets()), banner.Scan)
    assert_type(banner.identify(b""), banner.Service | None)
    assert_type(banner.Rules().identify(b""), banner.Service | None)
    assert_type(banner.Policy().refusal("127.0.0.1", 1), str | None)
    assert_type(banner.__version__, str)


async def targets() -> AsyncIterator[banner.Target]:
    yield banner.Target("h", 1)


@pytest.mark.parametrize("function", ["grab", "scan", "targets"])
async def test_the_wrong_name_of_an_argument_says_which_was_meant(function: str) -> None:
    """On every Python, as it does by itself from 3.13 on."""
    called: Any = getattr(banner, function)

    async def said(**arguments: object) -> str:
        with pytest.raises(TypeError) as caught:
            found = called(*["127.0.0.1", 1][: called.__code__.co_argcount], **arguments)
            if function == "grab":
                await found
        return str(caught.value)

    for name in called.__kwdefaults__:
        meant = "timeouts=banner.Timeouts(total=" if name == "timeouts" else repr(name)
        assert f"{function}() got an unexpected" in await said(**{name[:-1]: None})
        assert f"Did you mean {meant}" in await said(**{name[:-1]: None})
        assert f"Did you mean {meant}" in await said(**{name.replace("e", "ee", 1) + "s": None})
    assert (await said(nonsense=1)).endswith("'nonsense'")


def test_a_consumers_module_uses_every_name() -> None:
    """mypy looks at it, strictly, with all of the tests; so does whoever has pyright."""
    tree = ast.parse((ROOT / "tests" / "library" / "consumer.py").read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "banner"
    }
    assert used == set(banner.__all__)
