"""A Celery application whose task grabs; its broker and its results are folders, named by the environment."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from celery import Celery

import banner

FOLDER = Path(os.environ.get("BROKER_FOLDER", "."))

app = Celery("worker", broker="filesystem://", backend=f"file://{FOLDER}")
app.conf.broker_transport_options = {
    "data_folder_in": str(FOLDER),
    "data_folder_out": str(FOLDER),
    "control_folder": str(FOLDER),
    "polling_interval": 0.05,
}


@app.task(name="grab")  # type: ignore[untyped-decorator]
def grab(host: str, port: int) -> dict[str, Any]:
    """What was found, as a result that every serializer of Celery takes."""
    return asyncio.run(banner.grab(host, port)).to_dict()
