"""A system without what only POSIX or Linux has: the package is imported, and grabs and scans all the same."""

from __future__ import annotations

import subprocess
import sys

POORER = """
import select, signal, sys
MISSING = ("resource", "fcntl", "termios", "pwd", "grp", "tty", "pty", "uvloop")

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in MISSING:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
for name in (*MISSING, "selectors"):
    sys.modules.pop(name, None)
for module, names in ((select, ("epoll", "poll")), (signal, ("SIGHUP", "SIGQUIT", "SIGUSR1", "SIGWINCH", "SIGALRM"))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
"""
IMPORTED = """
import importlib, pkgutil
import banner
for module in pkgutil.walk_packages(banner.__path__, "banner."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
VISITED = """
import asyncio
import banner
from banner import testing

async def main():
    async with testing.greeter(b"SSH-2.0-OpenSSH_9.2p1\\r\\n") as server:
        grab = await banner.grab(server.host, server.port)
        async with banner.scan([banner.Target(server.host, server.port)] * 3) as results:
            print(grab.service.product, [found.service.product async for found in results])

asyncio.run(main())
"""


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", POORER + program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_is_imported() -> None:
    assert run(IMPORTED) == ""


def test_it_visits() -> None:
    assert run(VISITED) == "OpenSSH ['OpenSSH', 'OpenSSH', 'OpenSSH']\n"
