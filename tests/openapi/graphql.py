"""The one mutation that is sent, described as OpenAPI describes operations.

https://docs.github.com/en/graphql/reference/mutations#updaterefs, /input-objects#updaterefsinput and #refupdate;
errors: https://spec.graphql.org/October2021/#sec-Errors
"""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_OBJECT_ID = {"type": "string", "pattern": "^[0-9a-f]{40}$"}  # the scalar GitObjectID
_REFNAME = {"type": "string", "pattern": "^refs/[^/]+/.+"}  # the scalar GitRefname: fully qualified

REF_UPDATE = {
    "type": "object",
    "properties": {
        "afterOid": _OBJECT_ID,
        "beforeOid": _OBJECT_ID | {"nullable": True},
        "force": {"type": "boolean", "nullable": True},
        "name": _REFNAME,
    },
    "required": ["afterOid", "name"],
}
UPDATE_REFS_INPUT = {
    "type": "object",
    "properties": {
        "clientMutationId": _TEXT | {"nullable": True},
        "refUpdates": {"type": "array", "items": REF_UPDATE},
        "repositoryId": _TEXT,
    },
    "required": ["refUpdates", "repositoryId"],
}
_MUTATION = r"^mutation( \w+)?\(\$input: UpdateRefsInput!\) \{ updateRefs\(input: \$input\) \{ clientMutationId \} \}$"
_REQUEST = {
    "type": "object",
    "properties": {
        "query": {"type": "string", "pattern": _MUTATION},
        "variables": {"type": "object", "properties": {"input": UPDATE_REFS_INPUT}, "required": ["input"]},
    },
    "required": ["query", "variables"],
}
_PAYLOAD = {
    "type": "object",
    "properties": {"clientMutationId": _TEXT | {"nullable": True}},
    "required": ["clientMutationId"],
    "nullable": True,
}
_ERROR = {
    "type": "object",
    "properties": {"message": _TEXT, "type": _TEXT, "path": {"type": "array"}, "locations": {"type": "array"}},
    "required": ["message"],
}
_ANSWER = {
    "type": "object",
    "properties": {
        "data": {"type": "object", "properties": {"updateRefs": _PAYLOAD}, "required": ["updateRefs"]},
        "errors": {"type": "array", "items": _ERROR, "minItems": 1},
    },
    "anyOf": [{"required": ["data"]}, {"required": ["errors"]}],
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


_POST = {"post": {"requestBody": {"required": True, **_json(_REQUEST)}, "responses": {"200": _json(_ANSWER)}}}
# On Enterprise Server it is below /api, beside the REST API: https://docs.github.com/en/enterprise-server/graphql
GRAPHQL = {"/graphql": _POST, "/api/graphql": _POST}
