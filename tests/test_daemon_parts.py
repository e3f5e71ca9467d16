"""A daemon of which only some packages are installed counts as missing, and the package is named."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.daemons import DAEMONS, vsftpd
from tests.daemons import daemon as installed
from tests.daemons.at_home import DAEMONS as AT_HOME
from tests.daemons.daemon import Daemon
from tests.daemons.field import Field
from tests.daemons.udp import DAEMONS as OVER_UDP
from tests.daemons.udp import SILENT

PART = replace(
    vsftpd.DAEMON, program="sh", rival="cat", parts=(("some-part", "/proc/missing/part"), ("here", "sh"))
)
PACKAGES = Path(__file__).parents[1] / ".ci" / "packages"


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_part_is_named(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PART.lacking == ("some-part",)  # else a daemon would be started
    monkeypatch.setenv("CI", ci)
    with closing(Field()) as field, pytest.raises(outcome, match=r"apt-get install some-part$"):
        field[PART]


def test_a_rival_excuses_the_program_and_no_part() -> None:
    assert PART.missing
    assert not PART.excluded
    assert replace(PART, program="/proc/missing/program").excluded
    assert not replace(PART, program="/proc/missing/program", rival=None).excluded


@pytest.mark.parametrize("daemon", [*DAEMONS, *AT_HOME, *OVER_UDP, *SILENT], ids=str)
def test_every_package_is_one_word_with_a_file_of_its_own(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = [(daemon.package, daemon.program), *daemon.parts]
    wanted = PACKAGES.read_text().split()
    for package, file in needed:
        assert package in wanted or daemon.rival is not None
        present = {other for _, other in needed if other != file}
        monkeypatch.setattr(installed, "_installed", present.__contains__)
        assert daemon.lacking == (package,)
