"""What GitHub says of its API, ready to be compared with: operations by verb and path, compiled schemas."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator, Registry

from tests.openapi.graphql import GRAPHQL
from tests.openapi.schemas import Json, json_schemas, resolved, told
from tests.openapi.slice import SLICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

JSON = "application/json"
_ADDRESS = "urn:github"
ERROR = f"{_ADDRESS}#/components/schemas/basic-error"


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query: its schema's place in the description, its type, whether it may not be left out."""

    place: str
    type: str
    required: bool


@dataclass(frozen=True)
class Response:
    """What one status brings: the names of its headers, and the places of the body's schemas by media type."""

    headers: frozenset[str]
    schemas: Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """One verb on one path.

    name: both, as the description has them
    path: a pattern of it
    query: its parameters by name
    body: where the schema of the request's body is; None where it takes none
    needs_body: whether it has to have one
    responses: by status
    """

    name: str
    path: re.Pattern[str]
    query: Mapping[str, Parameter]
    body: str | None
    needs_body: bool
    responses: Mapping[int, Response]


class Description:
    """The operations that a document describes, those with longer paths first, since a branch may hold slashes."""

    def __init__(self, document: Json) -> None:
        self._registry = Registry([(_ADDRESS, json_schemas(document))])
        self.compiled = lru_cache(maxsize=None)(self._compiled)
        self.operations = [
            _operation(document, verb, path)
            for path, verbs in sorted(document["paths"].items(), key=lambda row: -row[0].count("/"))
            for verb in verbs
        ]

    def operation(self, verb: str, path: str) -> Operation | None:
        fitting = (one for one in self.operations if one.name.startswith(f"{verb} ") and one.path.fullmatch(path))
        return next(fitting, None)

    def misfits(self, place: str, document: Any) -> Iterator[str]:
        """What of the document is otherwise than the schema at that place says."""
        validator = self.compiled(place)
        if not validator.is_valid(document):
            for error in validator.iter_errors(document):
                yield from told(error)

    def _compiled(self, place: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": place}, registry=self._registry, validate_formats=True, offline=True)


@lru_cache(maxsize=1)
def described() -> Description:
    """The slice of the REST API, and the mutation."""
    document = json.loads(SLICE.read_bytes())
    document["paths"] |= GRAPHQL
    return Description(document)


def _operation(document: Json, verb: str, path: str) -> Operation:
    said, place = document["paths"][path][verb], f"{_ADDRESS}#/paths/{_escaped(path)}/{verb}"
    parameters = [
        (resolved(document, one), _place(one, f"{place}/parameters/{number}"))
        for number, one in enumerate(said.get("parameters", ()))
    ]
    body = said.get("requestBody")
    return Operation(
        name=f"{verb.upper()} {path}",
        path=_pattern(path, {one["name"]: one for one, _ in parameters}),
        query={
            one["name"]: Parameter(f"{where}/schema", one["schema"]["type"], one.get("required", False))
            for one, where in parameters
            if one["in"] == "query"
        },
        body=f"{place}/requestBody/content/{_escaped(JSON)}/schema" if body else None,
        needs_body=bool(body and body.get("required")),
        responses={
            int(status): _response(resolved(document, one), _place(one, f"{place}/responses/{status}"))
            for status, one in said["responses"].items()
        },
    )


def _pattern(path: str, parameters: Mapping[str, Json]) -> re.Pattern[str]:
    """Some parameters, as branches, may hold slashes; where a folder may be, it may be the topmost: nothing."""

    def part(found: re.Match[str]) -> str:
        said = parameters[found[1]]
        if said["schema"]["type"] == "integer":
            return r"\d+"
        return ".*" if said.get("x-multi-segment") else "[^/]+"

    return re.compile(re.sub(r"\{(\w+)\}", part, path))


def _response(said: Json, place: str) -> Response:
    schemas = {media: f"{place}/content/{_escaped(media)}/schema" for media in said.get("content", ())}
    return Response(frozenset(said.get("headers", ())), schemas)


def _place(said: Json, place: str) -> str:
    """Where it is said, here or where it refers to."""
    return f"{_ADDRESS}{said['$ref']}" if "$ref" in said else place


def _escaped(name: str) -> str:
    """As a part of a JSON pointer within an address."""
    return name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
