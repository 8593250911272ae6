"""OpenAPI 3.0 as JSON Schema, and closed: what GitHub does not name is neither sent nor said by the stand-in.

Real answers may hold more than is described; what is read of them has to be described all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema_rs import ValidationErrorKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_rs import ValidationError

Json = dict[str, Any]


def json_schemas(document: Json) -> Json:
    """The whole document, with JSON Schema in the place of its schemas."""

    def of(node: Any) -> Any:
        if isinstance(node, list):
            return [of(one) for one in node]
        if not isinstance(node, dict):
            return node
        if len(node.get("allOf", ())) > 1:
            node = _merged([resolved(document, one) for one in node["allOf"]])
        # What GitHub calls `oneOf` overlaps, as its kinds of errors do.
        said = {{"oneOf": "anyOf"}.get(key, key): of(one) for key, one in node.items()}
        if isinstance(said.get("properties"), dict):
            _close(said)
        return {"anyOf": [{"type": "null"}, said]} if said.pop("nullable", None) is True else said

    whole: Json = of(document)
    return whole


def resolved(document: Json, said: Json) -> Json:
    """What is said, here or where it refers to."""
    if "$ref" not in said:
        return said
    _, _, kind, name = said["$ref"].split("/")
    found: Json = document["components"][kind][name]
    return found


def _merged(schemas: list[Json]) -> Json:
    """One object that has the fields of all."""
    properties = {name: schema for one in schemas for name, schema in one["properties"].items()}
    required = [name for one in schemas for name in one.get("required", ())]
    return {"type": "object", "properties": properties, "required": required}


def _close(schema: Json) -> None:
    schema.setdefault("additionalProperties", False)
    if "documentation_url" in schema["properties"]:
        # Every refusal says its status in its body too, which some descriptions leave out.
        schema["properties"].setdefault("status", {"type": "string"})


def told(error: ValidationError) -> Iterator[str]:
    """An error's sentences; where there are alternatives, those of the one that is nearest."""
    kind, path = error.kind, error.instance_path
    if isinstance(kind, ValidationErrorKind.AnyOf):
        for one in min(kind.context, key=lambda errors: (_is_of_another_type(errors, path), len(errors))):
            yield from told(one)
    else:
        yield f"{'/'.join(map(str, path)) or 'it'}: {error.message[:300]}"


def _is_of_another_type(errors: list[ValidationError], path: list[str | int]) -> bool:
    return any(isinstance(one.kind, ValidationErrorKind.Type) and one.instance_path == path for one in errors)
