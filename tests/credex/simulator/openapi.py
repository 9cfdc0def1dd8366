"""Judges answers by the OpenAPI document: the schema that its path, method and status name."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

DOCUMENT = Path(__file__).parent.parent / "openapi.yaml"


@cache
def document() -> dict[str, Any]:
    """The document, parsed once."""
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return loaded


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Raise unless the answer is one the document knows."""
    operation = document()["paths"].get(path, {}).get(method.lower())
    if operation is None:
        schema: dict[str, Any] = {"$ref": f"#/components/schemas/{'GenericError' if status == 404 else 'MessageOnly'}"}
        _validator(json.dumps(schema)).validate(json.loads(body))
        return
    response = _resolved(operation["responses"][str(status)])
    kind = headers["content-type"].partition(";")[0]
    schema = response["content"][kind]["schema"]
    _validator(json.dumps(schema)).validate(json.loads(body) if kind == "application/json" else body.decode())
    _check_headers(status, response, headers)


def _check_headers(status: int, response: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    optional = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    if status in {400, 500}:
        optional |= {"authorization"}
    promised = {name.lower() for name in response.get("headers", {})} - optional
    missing = promised - set(headers)
    assert not missing, f"headers missing: {missing}"


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    rooted = {"components": document()["components"], **json.loads(schema)}
    return jsonschema.Draft202012Validator(rooted, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    found: Any = document()
    for part in str(reference).removeprefix("#/").split("/"):
        found = found[part]
    resolved: dict[str, Any] = found
    return resolved
