"""Where a file gives a name and the address that was found, that address is visited and the name goes along."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from banner import Policy
from banner.inputs.neighbours import read
from banner.inputs.spec import Spec, parse
from banner.journal.ledger import Ledger
from banner.models import Grab, Status, Target
from tests.command import run


@pytest.mark.parametrize(
    "text",
    [
        '<nmaprun><host><address addr="192.0.2.1"/><hostnames><hostname name="a.example" type="user"/></hostnames>'
        '<ports><port protocol="tcp" portid="22"><state state="open"/></port></ports></host></nmaprun>',
        '{"host":"a.example","ip":"192.0.2.1","port":22}',
        '{"host":"a.example","ip":"192.0.2.1","port":22,"protocol":"ssh","transport":"tcp"}',
        '{"host":"a.example","ip":"192.0.2.1","port":"22","tls_version":"tls13"}',
        '{"input":"a.example","url":"https://a.example:22","host":"192.0.2.1","port":"22"}',
        "host,ip,port\na.example,192.0.2.1,22\n",
        "192.0.2.1,a.example,,22\n",
        '{"ip":"192.0.2.1","domain":"a.example","data":{"ssh":{"port":22}}}',
        '<NessusClientData_v2><Report><ReportHost name="a.example"><HostProperties><tag name="host-ip">192.0.2.1</tag>'
        '</HostProperties><ReportItem port="22" protocol="tcp"/></ReportHost></Report></NessusClientData_v2>',
        "<report><results><result><host>192.0.2.1<hostname>a.example</hostname></host><port>22/tcp</port></result>"
        "</results></report>",
        "a.example@192.0.2.1:22\n",
    ],
)
def test_the_address_that_was_found_is_kept(text: str) -> None:
    (spec,) = read([text.encode()])
    assert isinstance(spec, Spec)
    (target,) = parse(str(spec))
    assert target == Target("a.example", 22, None, "192.0.2.1")


def test_records_settle_the_address_they_are_of() -> None:
    pinned = [Target("a.example", 22, None, f"192.0.2.{last}") for last in (1, 2, 3)]
    grabs = [Grab(1.0, "a.example", 22, Status.BANNER, target.ip) for target in pinned]
    for order in itertools.permutations(range(3)):
        ledger = Ledger()
        list(ledger.hand_out(pinned))
        assert ledger.settle(grabs[at] for at in order) == list(order)
    ledger = Ledger()
    list(ledger.hand_out([Target("a.example", 22)]))
    assert ledger.settle(grabs[2:]) == [0]


def test_a_policy_judges_the_address_that_is_visited() -> None:
    assert Policy(deny=("127.0.0.9/32",)).refusal("127.0.0.9", 22)
    done = run("scan", "nowhere.invalid@127.0.0.9:22", "--exclude", "127.0.0.9", "-o", "-")
    assert b'"status":"denied"' in done.stdout
    assert b'"ip":"127.0.0.9"' in done.stdout
    assert b'"host":"nowhere.invalid"' in done.stdout


@pytest.mark.parametrize("suffix", ["jsonl", "sqlite"])
def test_a_resumed_scan_visits_each_address_once(suffix: str, tmp_path: Path) -> None:
    hosts = [f"127.0.0.{last}" for last in range(2, 8)]
    (tmp_path / "in").write_text("".join(f"nowhere.invalid@{host}:1\n" for host in hosts))
    out = str(tmp_path / f"out.{suffix}")
    scan = ("scan", "-i", str(tmp_path / "in"), "--rate", "20", "-o", out)
    run(*scan, "--max-time", "0.12")
    assert run(*scan, "--resume").returncode == 0
    shown = run("show", out, "--columns", "host,ip,status").stdout.decode().splitlines()[1:]
    assert sorted(shown) == [f"nowhere.invalid\t{host}\trefused" for host in hosts]
