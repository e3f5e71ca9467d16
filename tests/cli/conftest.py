"""Servers in a thread of their own, which last for one file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from banner import testing
from tests.cli.served import SSH
from tests.command import (
    Servers,
)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="module")
def ssh(servers: Servers) -> testing.Server:
    return servers.start(lambda: testing.greeter(SSH))


@pytest.fixture(scope="module")
def silent(servers: Servers) -> testing.Server:
    return servers.start(testing.silent)


@pytest.fixture(scope="module")
def refuser(servers: Servers) -> testing.Server:
    return servers.start(testing.refuser)
