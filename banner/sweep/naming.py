"""A target becomes a job: its name's addresses are looked up, several names at a time, and those forbidden left out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Generic

from ..addresses.choice import to_try
from ..addresses.judge import judge
from ..addresses.proxies import parse_proxy
from ..models import Target
from ..visit.resolver import NO_ADDRESS, ResolveError, Resolver, lookup
from .job import J, Job

log: logging.Logger = logging.getLogger("banner")


class Naming(Generic[J]):
    """Lookups under way, one task each. After each `named` is called with its job, or None where it was cancelled."""

    def __init__(
        self,
        resolver: Resolver,
        policy: Any,
        proxy: str | None,
        kind: type[J],
        named: Callable[[J | None], None],
    ) -> None:
        self._proxy = proxy
        self._resolver, self._policy, self._kind, self._named = resolver, policy, kind, named
        self._tasks: set[asyncio.Task[J]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def begin(self, target: Target) -> None:
        """Look up the name of `target`."""
        task = asyncio.get_running_loop().create_task(self._name(target))
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[J]) -> None:
        self._tasks.discard(task)
        self._named(None if task.cancelled() else task.result())

    async def _name(self, target: Target) -> J:
        job = self._kind(target, ())
        via = target.via or self._proxy
        if via is not None and parse_proxy(via).names:
            job.addresses = (target.host,)  # the proxy looks it up
            return job
        try:
            job.addresses, job.dns = await lookup(self._resolver, target.host)
            job.error = None if job.addresses else NO_ADDRESS
        except ResolveError as error:
            job.error, job.dns = str(error), error.seconds
        except Exception as error:  # a resolver of the caller's: as in denied_or
            self._blame("resolver", job, error)
        if self._policy is not None and job.addresses:
            self.denied_or(job)
        if job.addresses:
            job.addresses = to_try(job.addresses)
        return job

    def denied_or(self, job: J) -> J:
        """`job`, marked where every one of its addresses is forbidden; forbidden ones are left out."""
        try:
            refusals = {ip: judge(self._policy, ip, job.target.port) for ip in job.addresses}
        # The caller's own code: it costs this one record.
        except (Exception, asyncio.CancelledError) as error:
            self._blame("policy", job, error)
            return job
        permitted = tuple(ip for ip, refusal in refusals.items() if refusal is None)
        if not permitted:
            job.denied = next(iter(refusals.values()))
        else:
            job.addresses = permitted
        return job

    @staticmethod
    def _blame(what: str, job: Job, error: BaseException) -> None:
        log.error("a fault of the %s at %s port %d", what, job.target.host, job.target.port, exc_info=error)
        job.fault = f"{type(error).__name__}: {error}"

    def cancel(self) -> None:
        """Stop looking up."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """The same, and wait until it is so."""
        tasks = [*self._tasks]
        self.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
