"""Workbooks that are made for one request and gone when they are sent."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from crm_app.core import files
from crm_app.core.errors import BadInput
from crm_app.core.sheets import XLSX


async def send_sheet(write: Callable[[Path], object], name: str) -> Response:
    """A workbook under a name; write: makes it at a path, in a thread."""
    folder = Path(tempfile.mkdtemp(prefix="export-", dir=files.folder()))
    target = folder / name
    try:
        await run_in_threadpool(write, target)
    except BaseException:
        _clear(target)
        raise
    return FileResponse(target, media_type=XLSX, filename=name, background=BackgroundTask(_clear, target))


def filter_of(request: Request) -> dict[str, Any] | None:
    """The filter in an address. Raises BadInput for what is none."""
    text = request.query_params.get("filter", "")
    try:
        found = json.loads(text) if text else None
    except ValueError:
        found = text
    if found is not None and not isinstance(found, dict):
        raise BadInput("cards.error.filter_shape")
    return found


def _clear(target: Path) -> None:
    target.unlink(missing_ok=True)
    target.parent.rmdir()
