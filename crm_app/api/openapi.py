"""The description of the API, made of the endpoints' own signatures: OpenAPI 3.1."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from crm_app import __version__
from crm_app.api.endpoints import Content, Endpoint
from crm_app.api.forms import is_json

Json = dict[str, Any]
Schemas = dict[tuple[str, str], Json]
"""By operation, and "body" or "answer"."""

_REF = "#/components/schemas/{model}"
_REFUSALS = {
    "401": "no valid key",
    "403": "no right to do this",
    "404": "no such thing, or none that the key's holder may see",
    "422": "malformed",
    "429": "too often; Retry-After tells when to come again",
}
_WRITE_REFUSALS = {"409": "a rule says no: `reasons` tells why", "413": "too big"}
_ABOUT = """A key acts as its employee, narrowed by its scopes: `Authorization: Bearer KEY`.

Lists are paged by `next`. Times are RFC 3339 in UTC. Money is `{"amount": "1250000.00", "currency": "RUB"}`.
Refusals are problem+json in the language of Accept-Language (ru, en)."""


def describe(endpoints: Iterable[Endpoint], root: str) -> Json:
    """The whole document."""
    known = list(endpoints)
    schemas, definitions = _schemas(known)
    paths: Json = {}
    for endpoint in known:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kartoteka", "version": __version__, "description": _ABOUT},
        "servers": [{"url": root}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in known)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {"DryRun": _DRY_RUN, "IdempotencyKey": _IDEMPOTENCY_KEY, "AcceptLanguage": _ACCEPT_LANGUAGE},
            "schemas": {**definitions, "Problem": _PROBLEM_SCHEMA, "DryRun": _DRY_RUN_SCHEMA},
        },
    }


def _schemas(endpoints: list[Endpoint]) -> tuple[Schemas, Json]:
    """The schema of every body and answer, and the named ones they refer to."""
    inputs: list[Any] = []
    for endpoint in endpoints:
        if endpoint.body is not None:
            inputs.append(((endpoint.name, "body"), "validation", TypeAdapter(endpoint.body)))
        if endpoint.hints["return"] not in (type(None), Content):
            inputs.append(((endpoint.name, "answer"), "serialization", TypeAdapter(endpoint.hints["return"])))
    by_key, whole = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    return {key: schema for (key, _mode), schema in by_key.items()}, whole.get("$defs", {})


def _operation(endpoint: Endpoint, schemas: Schemas) -> Json:
    summary, _, details = (inspect.getdoc(endpoint.function) or "").partition("\n\n")
    operation: Json = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": summary.replace("\n", " "),
        "description": f"{details}\n\nPermission: `{endpoint.permission}`".strip(),
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint, schemas),
    }
    if endpoint.takes_file:
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FILE_SCHEMA}}}
    elif endpoint.body is not None:
        content = {"application/json": {"schema": schemas[endpoint.name, "body"]}}
        is_needed = any(field.is_required() for field in endpoint.body.model_fields.values())
        operation["requestBody"] = {"required": is_needed, "content": content}
    return operation


def _parameters(endpoint: Endpoint) -> list[Json]:
    told: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _schema(endpoint.hints[name])}
        for name in endpoint.places
    ]
    for name, parameter in endpoint.parameters.items():
        schema = _schema(endpoint.hints[name])
        one: Json = {"name": name, "in": "query", "required": parameter.default is parameter.empty}
        if "description" in schema:
            one["description"] = schema.pop("description")
        if parameter.default not in (parameter.empty, None):
            schema["default"] = parameter.default
        one |= (
            {"content": {"application/json": {"schema": schema}}}
            if is_json(endpoint.hints[name])
            else {"schema": schema}
        )
        told.append(one)
    common = ["AcceptLanguage", *(("DryRun", "IdempotencyKey") if endpoint.writes else ())]
    return [*told, *({"$ref": f"#/components/parameters/{name}"} for name in common)]


def _schema(hint: Any) -> Json:
    """The schema of a parameter; one that may be left out is simply not required."""
    schema = TypeAdapter(hint).json_schema(ref_template=_REF)
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    return {**schema, **choices[0]} if choices else schema


def _responses(endpoint: Endpoint, schemas: Schemas) -> Json:
    answer: Json = {"description": "done" if endpoint.writes else "found"}
    schema = schemas.get((endpoint.name, "answer"))
    if schema is not None:
        answer["content"] = {"application/json": {"schema": schema}}
    elif endpoint.hints["return"] is Content:
        answer["content"] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    told = {str(endpoint.status): answer}
    if endpoint.writes:
        trial = {"description": "what would happen (dry_run=true)"}
        told.setdefault("200", {**trial, "content": {"application/json": {"schema": _ref("DryRun")}}})
    refusals = {**_REFUSALS, **(_WRITE_REFUSALS if endpoint.writes else {})}
    return told | {status: {**_PROBLEM_RESPONSE, "description": why} for status, why in sorted(refusals.items())}


def _ref(name: str) -> Json:
    return {"$ref": _REF.format(model=name)}


_REASON = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "field": {"type": "string"}, "text": {"type": "string"}},
    "required": ["code", "field", "text"],
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "reasons": {"type": "array", "items": _REASON},
    },
    "required": ["type", "title", "status", "detail", "reasons"],
}
_PROBLEM_RESPONSE = {
    "description": "refused",
    "content": {"application/problem+json": {"schema": _ref("Problem")}},
}
_DRY_RUN_SCHEMA = {
    "type": "object",
    "description": "The answer as it would have been, and under `dry_run` the facts and scenarios that would follow.",
    "properties": {
        "dry_run": {
            "type": "object",
            "properties": {
                "facts": {"type": "array", "items": {"type": "object"}},
                "scenarios": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}
_FILE_SCHEMA = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}
_DRY_RUN = {
    "name": "dry_run",
    "in": "query",
    "description": "Tell what would change, and change nothing.",
    "schema": {"type": "boolean", "default": False},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this request: sent again within a day, it gets the same answer and is not done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "ru or en; else the language of the key's holder.",
    "schema": {"type": "string"},
}
