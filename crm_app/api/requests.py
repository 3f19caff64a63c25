"""Reads a request: what stands in its path, query, headers and body, as the arguments of an endpoint."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from crm_app.api.endpoints import Call, Endpoint, Upload
from crm_app.api.forms import is_json, read_json
from crm_app.core import files, misfits
from crm_app.core.errors import BadInput, NotFound, TooBig
from crm_app.core.once import Once

MOST_BYTES = 1_000_000
"""Of a body that is JSON."""
MOST_FILE_BYTES = 100 * 1024 * 1024
_MEGABYTE = 1_000_000
_YES, _NO = ("true", "1"), ("false", "0")


Sent = bytes | Upload


@dataclass(frozen=True)
class Asked:
    """What a request asks for. arguments: of the endpoint's function, to be checked by the door."""

    call: Call
    arguments: dict[str, Any]


async def receive(request: Request, endpoint: Endpoint) -> Sent:
    """The body of a request, as far as the endpoint takes one. Raises TooBig, BadInput."""
    if endpoint.takes_file:
        return await _file(request)
    return await _bytes(request) if endpoint.body is not None else b""


def read(request: Request, endpoint: Endpoint, places: dict[str, str], sent: Sent) -> Asked:
    """A request in an endpoint's terms. Raises NotFound, BadInput."""
    arguments: dict[str, Any] = {name: _place(endpoint, name, value) for name, value in places.items()}
    query = dict(request.query_params)
    if len(query) != len(request.query_params.multi_items()):
        raise BadInput("api.error.twice")
    is_trial = endpoint.writes and _flag(query.pop("dry_run", "false"))
    for name, value in query.items():
        if name in arguments:
            raise BadInput("api.error.twice", field=name)
        arguments[name] = _parameter(endpoint, name, value)
    if endpoint.tries_by_itself:
        arguments["dry_run"] = is_trial
    if isinstance(sent, Upload):
        arguments["file"] = replace(sent, seen=endpoint.look(sent, arguments)) if endpoint.look else sent
    elif endpoint.body is not None:
        arguments["body"] = _body(endpoint.body, sent)
    once = None if is_trial or not endpoint.writes else _once(request, sent)
    return Asked(Call(is_trial, once), arguments)


def _place(endpoint: Endpoint, name: str, value: str) -> int | str:
    """A part of the path. What can't be an id is the address of nothing."""
    hint = endpoint.hints[name]
    if str in (hint, *get_args(hint)):
        return value
    if not value.isascii() or not value.isdigit() or not 0 < int(value[:20]) < 2**31:
        raise NotFound()
    return int(value)


def _parameter(endpoint: Endpoint, name: str, value: str) -> Any:
    if name not in endpoint.parameters:
        raise BadInput("api.error.no_parameter", field=name[:60], name=name[:60])
    return read_json(value, name) if is_json(endpoint.hints[name]) else value


def _flag(value: str) -> bool:
    if value not in (*_YES, *_NO):
        raise BadInput("api.error.flag", field="dry_run")
    return value in _YES


def _once(request: Request, sent: Sent) -> Once | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    body = sent.kept.digest.encode() if isinstance(sent, Upload) else sent
    return Once(key, hashlib.sha256(asked + body).hexdigest())


async def _bytes(request: Request) -> bytes:
    if _length(request) > MOST_BYTES:
        raise TooBig("api.error.too_big", megabytes=MOST_BYTES // _MEGABYTE)
    sent = bytearray()
    async for chunk in request.stream():
        sent += chunk
        if len(sent) > MOST_BYTES:
            raise TooBig("api.error.too_big", megabytes=MOST_BYTES // _MEGABYTE)
    return bytes(sent)


def _length(request: Request) -> int:
    told = request.headers.get("content-length", "")
    return int(told[:15]) if told.isascii() and told.isdigit() else 0


def _body(model: type[BaseModel], sent: bytes) -> BaseModel:
    try:
        body = model.model_validate_json(sent or b"{}")
    except ValidationError as error:
        raise misfits.refusal(error) from None
    if b"\\u0000" in sent:
        _refuse_nul(read_json(sent, "body"))
    return body


def _refuse_nul(value: Any) -> None:
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    if isinstance(parts, str):
        if "\x00" in parts:
            raise BadInput("core.error.bad_characters")
    elif isinstance(parts, list):
        for part in parts:
            _refuse_nul(part)


async def _file(request: Request) -> Upload:
    """The one file of a multipart form, kept on disk under a name of ours."""
    if _length(request) > MOST_FILE_BYTES + _MEGABYTE:
        raise TooBig("core.error.file_too_big", megabytes=MOST_FILE_BYTES // 2**20)
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise BadInput("api.error.no_file", field="file")
            for name in form:
                if name != "file":  # said in the query: told here, it would be lost without a word
                    raise BadInput("api.error.no_parameter", field=name[:60], name=name[:60])
            return Upload(sent.filename or "file", await files.keep(_chunks(sent), MOST_FILE_BYTES))
    except (HTTPException, MultiPartException):
        raise BadInput("api.error.no_file", field="file") from None


async def _chunks(sent: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await sent.read(1 << 18):
        yield chunk
