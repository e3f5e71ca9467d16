"""Addresses of loopback that no other process of tests uses: suites run beside each other, workers too."""

from __future__ import annotations

import os


def own_address(last: int = 1) -> str:
    """The one of this process that ends with `last`; none of `tests.strangers`, which begin at 127.64."""
    return f"127.{20 + os.getpid() % 44}.{os.getpid() // 44 % 256}.{last}"
