"""`/api/v1/openapi.json` and the page `/api/docs`: made of the description, without a script and without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

Json = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
summary { cursor: pointer; padding: .4rem 0; }
summary:focus-visible { outline: 2px solid; outline-offset: 2px; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { overflow: auto; padding: .75rem; border: 1px solid; border-radius: .5rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top; }
b.method { display: inline-block; min-width: 4.5rem; }
"""


def docs_routes(describe: Callable[[], Json], root: str) -> list[BaseRoute]:
    """Both are public: they tell nothing that the source does not."""

    description = cache(describe)

    @cache
    def document() -> str:
        return json.dumps(description(), ensure_ascii=False)

    @cache
    def page() -> str:
        return _page(description())

    async def openapi(_request: Request) -> Response:
        return Response(await run_in_threadpool(document), media_type="application/json")

    async def docs(_request: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(page))

    return [Route(f"{root}/openapi.json", openapi), Route("/api/docs", docs)]


def _page(description: Json) -> str:
    root = description["servers"][0]["url"]
    schemas = description["components"]["schemas"]
    by_tag: dict[str, list[str]] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(root + path, method, operation, description))
    chapters = "".join(f"<h2 id={escape(tag)!r}>{escape(tag)}</h2>{''.join(parts)}" for tag, parts in by_tag.items())
    named = "".join(
        f"<details id='{escape(name)}'><summary><code>{escape(name)}</code></summary>{_pre(schema)}</details>"
        for name, schema in sorted(schemas.items())
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Kartoteka API</title><style>{_STYLE}</style><main><h1>Kartoteka API {description['info']['version']}"
        f"</h1><p>{_text(description['info']['description'])}</p><p><a href='{root}/openapi.json'>openapi.json</a></p>"
        f"{chapters}<h2 id='schemas'>Schemas</h2>{named}</main></html>"
    )


def _operation(address: str, method: str, operation: Json, description: Json) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    sent = "".join(f"<h4>Body, {escape(kind)}</h4>{_pre(told['schema'])}" for kind, told in body.items())
    answers = "".join(
        f"<tr><td>{status}<td>{escape(told['description'])}<td>{_link(told)}"
        for status, told in operation["responses"].items()
    )
    return (
        f"<details id='{operation['operationId']}'><summary><b class='method'>{method.upper()}</b>"
        f"<code>{escape(address)}</code> — {escape(operation['summary'])}</summary>"
        f"<p>{_text(operation['description'])}</p>{_parameters(operation['parameters'], description)}{sent}"
        f"<h4>Answers</h4><table>{answers}</table></details>"
    )


def _parameters(parameters: Iterable[Json], description: Json) -> str:
    rows = ""
    for one in parameters:
        if "$ref" in one:
            one = description["components"]["parameters"][one["$ref"].rpartition("/")[2]]
        schema = one.get("schema") or one["content"]["application/json"]["schema"]
        about = one.get("description") or schema.get("description", "")
        kind = schema.get("type") or " or ".join(schema.get("enum", ["any"]))
        rows += f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']}<td>{escape(str(kind))}<td>{_text(about)}"
    return f"<h4>Parameters</h4><table>{rows}</table>" if rows else ""


def _link(answer: Json) -> str:
    told: list[Json] = list(answer.get("content", {}).values())
    name = told[0]["schema"].get("$ref", "").rpartition("/")[2] if told else ""
    return f"<a href='#{escape(name)}'><code>{escape(name)}</code></a>" if name else ""


def _pre(schema: Json) -> str:
    return f"<pre>{escape(json.dumps(schema, ensure_ascii=False, indent=2))}</pre>"


def _text(text: str) -> str:
    """Text with `code` in it, as HTML."""
    parts = escape(text).split("`")
    marked = "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
    return marked.replace("\n\n", "</p><p>")
