"""What most commands never use is imported when it is used, whole, and by nobody else's asking otherwise."""

from __future__ import annotations

import subprocess
import sys

import pytest

POSTPONED = (
    "ssl",
    "asyncio.sslproto",
    "concurrent.futures",
    "inspect",
    "linecache",
    "logging",
    "subprocess",
    "textwrap",
    "traceback",
    "msgspec._json_schema",
    "msgspec.inspect",
    "msgspec.toml",
    "msgspec.yaml",
    "banner.addresses.proxies",
    "banner.recognition.markup",
    "banner.recognition.page",
    "banner.visit.source",
)
USES = {
    "ssl": "import ssl; ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())",
    "its sockets": "import socket, ssl; assert ssl.create_default_context().sslsocket_class is ssl.SSLSocket",
    "inspect": "import inspect; assert str(inspect.signature(lambda a, *, b=1: a)) == '(a, *, b=1)'",
    "functions taken by name": "from inspect import isgenerator, iscoroutinefunction as asked; import asyncio;"
    " assert isgenerator(a for a in ()) and not isgenerator(()) and asked(asyncio.sleep) and not asked(print)",
    "subprocess": "import subprocess; assert subprocess.run(['echo'], stdout=subprocess.PIPE).stdout == b'\\n'",
    "asyncio's processes": "import asyncio.subprocess as there; assert there.PIPE == __import__('subprocess').PIPE",
    "traceback": "from traceback import format_exc; assert format_exc() == 'NoneType: None\\n'",
    "linecache": "import linecache; assert linecache.getline('/nonexistent', 1) == ''",
    "textwrap": "import textwrap; assert textwrap.wrap('a b', 1) == ['a', 'b']",
    "platform": "import platform, os; platform.python_version(); assert platform.system() == os.uname().sysname",
    "msgspec": "import msgspec; assert msgspec.inspect.type_info(int) == msgspec.inspect.IntType()",
    "msgspec's schemas": "from msgspec.json import schema; assert schema(int, schema_hook=None) == {'type': 'integer'}",
    "msgspec's other forms": "import msgspec; assert msgspec.toml.encode and msgspec.yaml.decode",
    "from where": "from banner.visit.source import source; import banner; here = source(place='127.0.0.1');"
    " assert here == source('127.0.0.1') == banner.Source('127.0.0.1') and type(here) is banner.Source",
    "a reload": "import importlib, textwrap; assert importlib.reload(textwrap) is textwrap",
    "datetime": "from datetime import *; import pickle; now = datetime.strptime('2026 +0000', '%Y %z').astimezone(UTC);"
    " assert pickle.loads(pickle.dumps(now)) == now != now - timedelta(1); assert type(now).__module__ == 'datetime'",
    "logging": "import logging.handlers, logging; assert logging.handlers.QueueHandler;"
    " assert logging.getLogger('x') is logging.getLogger('x') is not logging.getLogger() is logging.root",
    "what logs by name": "from logging import getLogger as get; import logging; assert get('x').manager;"
    " assert get() is logging.root",
    "loggers": "from asyncio.log import logger; import logging; logger.debug('');"
    " ours = logging.getLogger('banner.wire');"
    " assert not ours.isEnabledFor(logging.INFO) and ours.isEnabledFor(30) and type(logging) is _Later;"
    " logging.basicConfig(level=0); assert ours.isEnabledFor(logging.DEBUG) and type(logging) is not _Later;"
    " logger.setLevel(40); assert logging.getLogger('asyncio').level == 40 and not logger.isEnabledFor(30)",
    "futures": "from concurrent.futures.thread import ThreadPoolExecutor as pool; import concurrent.futures as there;"
    " assert there.ThreadPoolExecutor is pool and there.wait([pool().submit(print)])",
    "asyncio's threads": "asyncio.run(asyncio.to_thread(print))",
    "debug mode": "import asyncio; asyncio.run(asyncio.sleep(0), debug=True)",
    "gettext": "import gettext; assert gettext.__file__ and gettext.translation",
}
START = """
import sys
sys.argv = ["banner"]  # as the command is started
import banner.cli
from banner.cli.later import _Later, postpone
postpone()
import asyncio
"""
THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
start, found = threading.Barrier(6), []
def ask():
    import inspect
    start.wait()
    try:
        found.append(inspect.signature)
    except BaseException as error:
        found.append(error)
threads = [threading.Thread(target=ask) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
import inspect
assert len(found) == 6 and set(found) == {inspect.signature}, found
"""


def run(code: str) -> str:
    """What `code` prints, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", START + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("use", USES)
def test_what_is_used_is_whole(use: str) -> None:
    run(USES[use])


def test_what_asyncio_logs_is_told() -> None:
    log = (
        "from asyncio.log import logger\nlogger.debug('no')\nlogger.warning('a warning')\nlogger.debug('no')"
    )
    told = subprocess.run([sys.executable, "-c", START + log], capture_output=True, text=True, check=True)
    assert told.stderr == "a warning\n"


def test_names_taken_before_their_module_has_run_are_its_own() -> None:
    run("""
there = {name: dict(vars(module)) for name, module in sys.modules.items() if type(module) is _Later}
for name, before in there.items():
    real = sys.modules[name]
    real.__file__
    for own, value in before.items():
        if not own.startswith("__"):
            assert (getattr(real, own) is not value) if callable(value) else getattr(real, own) == value, (name, own)
assert len(there) > 5
""")


def test_threads_that_ask_at_once_all_find_the_one_module() -> None:
    run(THREADS)


def test_what_was_imported_before_stays_as_it_is() -> None:
    code = "import ssl; there = dict(vars(ssl)); from banner.cli.later import postpone; postpone()"
    subprocess.run([sys.executable, "-c", f"{code}; assert vars(ssl) == there"], check=True)


def test_a_visit_in_the_clear_uses_none_of_it() -> None:
    script = f"""
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as said:
    banner.cli.main(["grab", "--no-config", "127.0.0.1:1"])
assert "refused" in said.getvalue(), said.getvalue()
print([name for name in {POSTPONED} if type(sys.modules[name]) is not _Later], "hashlib" in sys.modules)
"""
    assert run(script).strip() == "[] False"
