"""The connection to Dask's scheduler, which may be one of our own with workers on this machine.

Whoever reaches a scheduler or a worker of Dask can run code there, and a port on loopback is open to every user of the
machine: so what is started here takes TLS alone, with a certificate that is made for the run, kept in memory and in
nobody else's hands, and its web pages are left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from ..models import __version__
from .dask_log import hush, tell
from .slices import WorkersDiedError

if TYPE_CHECKING:
    from distributed import Client

FRUGAL: Final[dict[str, object]] = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.deploy.cluster-repr-interval": "60s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.memory.monitor-interval": "5s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""Nobody looks at what workers of our own would measure all the time, for 1 % of a core each; and where a shard is
visited is our own choice."""
WITHOUT_PAGES: Final[dict[str, list[str]]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
"""An HTTP server is always started, and asks nobody who he is."""
FAREWELL: Final = 3.0
"""Seconds that workers and scheduler have to take leave."""
INSTALL: Final = f"install 'aiobanner[dask]=={__version__}' on scheduler and workers"


class Scheduler:
    """An open connection: `open` it first, `close` it in the end."""

    def __init__(self, address: str, local: int) -> None:
        """`address` is the scheduler's, or ``local``: then `local` processes are started."""
        self.address = address
        self._local = local
        self._stack = contextlib.AsyncExitStack()
        self.client: Client
        self.patience: float = 0.0
        """Seconds that whoever is asked has to answer: Dask's own time limit for connecting."""

    async def open(self) -> None:
        """Connect. Raises `WorkersDiedError` where there is no scheduler."""
        import dask
        from distributed import Client
        from distributed.versions import VersionMismatchWarning

        hush()
        asyncio.get_running_loop().set_exception_handler(tell)
        self.patience = _seconds(dask.config.get("distributed.comm.timeouts.connect"))
        try:
            async with asyncio.timeout(2 * self.patience):
                place = await self._started() if self.address == "local" else self.address
                with warnings.catch_warnings():
                    # It compares versions, also of what nobody uses here; ours is compared by `check`.
                    warnings.simplefilter("ignore", VersionMismatchWarning)
                    client = Client(place, asynchronous=True, name="banner")
                    self.client = await self._stack.enter_async_context(client)
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError | ValueError | ImportError):
                raise WorkersDiedError(f"no scheduler at {self.address}: {said(error)}") from None
            raise

    async def _started(self) -> Any:
        """A cluster of our own."""
        import dask
        from distributed import LocalCluster
        from distributed.security import Security

        with dask.config.set(FRUGAL | WITHOUT_PAGES):
            cluster = LocalCluster(
                n_workers=self._local,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address=None,
                # Else at port 8787 of every address.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
                asynchronous=True,
                security=Security.temporary(),
                # Else in a folder of /tmp whose name everybody knows.
                local_directory=self._stack.enter_context(tempfile.TemporaryDirectory(prefix="banner-")),
            )
            return await self._stack.enter_async_context(cluster)

    async def close(self) -> None:
        """Take leave."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(FAREWELL):
                await self._stack.aclose()

    @property
    def running(self) -> bool:
        return self.client.status == "running"

    async def present(self) -> list[str]:
        """The workers' addresses. Raises `WorkersDiedError` where the scheduler is gone."""
        try:
            async with asyncio.timeout(self.patience):
                return list(await self.client.nthreads())
        except Exception:
            raise self.gone() from None

    def gone(self) -> WorkersDiedError:
        """What to raise when it is."""
        return WorkersDiedError(f"the scheduler at {self.address} is gone")

    async def ask(self, address: str, question: Callable[..., Any], *about: object) -> Any:
        """What a function says in a worker; its exception, as a value; None where no answer comes."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self.patience):
                asked = self.client.run(question, *about, workers=[address], on_error="return")
                return (await asked).get(address)
        return None

    async def tell_all(self, addresses: Iterable[str], what: Callable[[str], None], scan: str) -> None:
        """Call a function in workers. Whoever does not answer has ended anyway."""
        if (workers := list(addresses)) and self.running:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(FAREWELL):
                    await self.client.run(what, scan, workers=workers, on_error="ignore")

    async def near(self, address: str) -> bool:
        """Whether a worker can be reached from here."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(FAREWELL):
                await self.client.rpc(address).identity()
                return True
        return False


def said(error: BaseException) -> str:
    """An error in one short line."""
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def _seconds(value: Any) -> float:
    from dask.utils import parse_timedelta

    return float(parse_timedelta(value, "s"))
