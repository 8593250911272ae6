"""Whether a request and its answer are as GitHub describes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.openapi.description import ERROR, JSON, described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.github.wire import Answer, Exchange, Request
    from tests.openapi.description import Operation, Response

# What any operation may answer, in whatever words: no token or a bad one, no permission or a limit, and its failures.
# https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
ANYWHERE = {401, 403, 429, *range(500, 600)}
# https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
REDIRECTS = {301, 302, 307, 308}
# The bytes themselves, for who asks for them, which the description does not name:
# https://docs.github.com/en/rest/repos/contents#custom-media-types-for-repository-contents, and so for blobs.
RAW, RAW_TOO = "application/vnd.github.raw+json", ("/contents/{path}", "/git/blobs/{file_sha}")


class OtherThanDescribed(AssertionError):
    """An exchange that is not as GitHub describes it."""


def hold(exchange: Exchange) -> None:
    """OtherThanDescribed, with all that is otherwise."""
    found = list(misfits(exchange))
    if found:
        request = exchange.request
        raise OtherThanDescribed("\n  ".join([f"{request.verb} {request.path}", *found]))


def misfits(exchange: Exchange) -> Iterator[str]:
    """What is otherwise. A request that is refused need not be right, and a fault's answer is wrong on purpose."""
    request, answer = exchange.request, exchange.answer
    operation = described().operation(request.verb, request.path)
    if operation is None:
        yield "rest-api.json has no such operation; tests/openapi/README.md says how to add one."
        return
    yield from _of_query(operation, request)
    if answer is None or not _refuses(answer):
        yield from _of_body(operation, request)
    if answer is not None and answer.status not in ANYWHERE:
        yield from (f"{answer.status}: {misfit}" for misfit in _of_answer(operation, request, answer))


def _refuses(answer: Answer) -> bool:
    """GraphQL says 200 of what it cannot read too, and has no data then."""
    return answer.status >= 400 or answer.body.startswith(b'{"errors"')


def _of_query(operation: Operation, request: Request) -> Iterator[str]:
    for name, parameter in operation.query.items():
        if parameter.required and name not in request.query:
            yield f"the query lacks {name}"
    for name, text in request.query.items():
        known = operation.query.get(name)
        if known is None:
            yield f"the query has no parameter {name}"
        else:
            value = int(text) if known.type == "integer" and text.isdecimal() else text
            yield from (f"the query's {name}: {misfit}" for misfit in described().misfits(known.place, value))


def _of_body(operation: Operation, request: Request) -> Iterator[str]:
    if operation.body is None:
        if request.body is not None:
            yield "the request takes no body"
    elif request.body is not None or operation.needs_body:
        yield from (f"the request's {misfit}" for misfit in described().misfits(operation.body, request.body))


def _of_answer(operation: Operation, request: Request, answer: Answer) -> Iterator[str]:
    if answer.status in REDIRECTS:
        if "Location" not in answer.headers:
            yield "it leads nowhere"
        return
    response = operation.responses.get(answer.status)
    if response is None:
        yield "no such status is described"
        return
    # A list that is whole has no Link.
    lacking = response.headers - answer.headers.keys() - {"Link"}
    yield from (f"the header {name} is lacking" for name in sorted(lacking))
    place, media = _schema(operation, request, response, answer), answer.content_type.partition(";")[0]
    if place is None:
        if answer.body:
            yield "no body is described"
    elif media != (RAW if place == RAW else JSON):
        yield f"the content type is {media}"
    elif place != RAW:
        yield from described().misfits(place, json.loads(answer.body))


def _schema(operation: Operation, request: Request, response: Response, answer: Answer) -> str | None:
    """The place of the body's schema; RAW where bytes are asked for, None where there is no body."""
    if answer.status >= 400:
        # Of some refusals only the status is described.
        return response.schemas.get(JSON, ERROR)
    if RAW in request.accept and operation.name.endswith(RAW_TOO):
        return RAW
    asked = next((media for media in response.schemas if media in request.accept), JSON)
    return response.schemas.get(asked)
