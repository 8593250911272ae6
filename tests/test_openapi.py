"""Every exchange with the stand-in for GitHub is as GitHub describes it, and what is otherwise fails its test."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from digest.git import name_of_content as git_name
from sandbox.github.faults import refuse
from sandbox.github.repository import NODE
from sandbox.github.stand_in import GithubStandIn
from sandbox.github.wire import Answer, Exchange, Request
from tests.openapi.conformity import OtherThanDescribed, misfits
from tests.openapi.description import described
from tests.openapi.slice import SLICE, cut, wanted, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Spoil = Callable[[Any], object]

NOBODY, UPDATE = "0" * 40, "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"


def ask(github: GithubStandIn, verb: str, path: str, body: object = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {github.token}"}
    return requests.request(verb, f"{github.url}{path}", json=body, headers=headers, timeout=5)


def move(**fields: object) -> dict[str, object]:
    return {"name": "refs/heads/swapped", "beforeOid": NOBODY, "afterOid": NOBODY, "force": True} | fields


@pytest.fixture
def seen() -> Iterator[list[Exchange]]:
    """The exchanges of a test."""
    found: list[Exchange] = []
    GithubStandIn.observers.append(found.append)
    yield found
    GithubStandIn.observers.remove(found.append)


# All that GitHub describes and the stand-in answers


def test_the_stand_in_answers_every_operation_of_the_slice(github: GithubStandIn, seen: list[Exchange]) -> None:
    github.actor = "mona"
    github.permissions |= {"pull-requests": "write", "administration": "read"}
    github.protected, github.ruleset, github.unforceable = {"main"}, {"ruled"}, {"ruled"}
    github.push("x", b"x", branch="daily/papers", login="mona")
    github.push("x", b"x", branch="merged")
    [main] = github.log()
    entry = github.store.entry(main.sha, "README.md")
    assert entry
    blob, row = entry.sha, {"path": "x", "mode": "100644", "type": "blob", "sha": entry.sha}
    variables = {"input": {"repositoryId": NODE, "refUpdates": [move(afterOid=main.sha)]}}
    asked: list[tuple[str, str, object]] = [
        ("GET", "", None),
        ("GET", "/branches", None),
        ("GET", "/branches/daily/papers", None),
        ("GET", "/branches/main/protection", None),
        ("GET", "/rules/branches/ruled", None),
        ("GET", "/commits?sha=daily/papers&per_page=1", None),
        ("GET", "/commits/daily/papers", None),
        ("GET", "/compare/main...daily/papers", None),
        ("GET", "/contents/", None),
        ("GET", "/contents/README.md?ref=main", None),
        ("GET", "/readme", None),
        ("PUT", "/contents/y", {"message": "A", "content": "eA==", "branch": "daily/papers"}),
        ("DELETE", "/contents/x", {"message": "A", "sha": git_name(b"x"), "branch": "daily/papers"}),
        ("GET", f"/git/blobs/{blob}", None),
        ("POST", "/git/blobs", {"content": "eA==", "encoding": "base64"}),
        ("GET", "/git/trees/main?recursive=1", None),
        ("POST", "/git/trees", {"base_tree": main.tree, "tree": [row]}),
        ("GET", f"/git/commits/{main.sha}", None),
        ("POST", "/git/commits", {"message": "A", "tree": main.tree, "parents": [main.sha]}),
        ("POST", "/git/refs", {"ref": "refs/heads/made", "sha": main.sha}),
        ("GET", "/git/ref/heads/made", None),
        ("GET", "/git/matching-refs/heads/", None),
        ("PATCH", "/git/refs/heads/made", {"sha": main.sha, "force": True}),
        ("DELETE", "/git/refs/heads/made", None),
        ("POST", "/issues", {"title": "A", "body": "B", "labels": ["good first issue"]}),
        ("GET", "/issues?state=all&per_page=1", None),
        ("GET", "/issues/1", None),
        ("PATCH", "/issues/1", {"body": "C", "state": "closed", "state_reason": "not_planned"}),
        ("POST", "/issues/1/assignees", {"assignees": ["mona", "nobody"]}),
        ("POST", "/issues/1/comments", {"body": "D"}),
        ("GET", "/issues/1/comments", None),
        ("GET", "/issues/comments?sort=created&direction=desc", None),
        ("PUT", "/issues/1/lock", None),
        ("DELETE", "/issues/1/lock", None),
        ("GET", "/labels", None),
        ("POST", "/pulls", {"title": "A", "head": "merged", "base": "main", "draft": False}),
        ("GET", "/pulls?state=all&sort=created", None),
        ("PATCH", "/pulls/2", {"title": "B"}),
        ("PUT", "/pulls/2/merge", {"merge_method": "squash"}),
        ("GET", "/pulls/2", None),
        ("GET", "/pulls/2/merge", None),
    ]
    for verb, path, body in asked:
        answer = ask(github, verb, f"/repos/{github.repository}{path}", body)
        assert answer.ok, (path, answer.text)
    assert ask(github, "GET", "/user").ok
    assert "errors" not in ask(github, "POST", "/graphql", {"query": UPDATE, "variables": variables}).json()

    operations = [described().operation(one.request.verb, one.request.path) for one in seen]
    # Where Enterprise Server has its GraphQL, only such a stand-in has it.
    known = {one.name for one in described().operations} - {"POST /api/graphql"}
    assert {one.name for one in operations if one} == known


# What is otherwise


def test_what_is_otherwise_fails_its_test(tmp_path: Path) -> None:
    github = GithubStandIn(tmp_path / "r.git")
    with pytest.raises(OtherThanDescribed) as caught, github:
        assert ask(github, "GET", f"/repos/{github.repository}/issues?stat=all").ok

    assert str(caught.value) == "GET /repos/octo/papers/issues\n  the query has no parameter stat"


def request(verb: str, path: str, body: object = None, **query: str) -> Exchange:
    """One that takes effect."""
    return Exchange(Request(0, 0, verb, f"/repos/octo/papers{path}", query, {}, body), None)


def update(**fields: object) -> Exchange:
    variables = {"input": {"repositoryId": NODE, "refUpdates": [move(**fields)]}}
    return Exchange(Request(0, 0, "POST", "/graphql", {}, {}, {"query": UPDATE, "variables": variables}), None)


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        (request("GET", "/issues", stat="all"), "the query has no parameter stat"),
        (request("GET", "/issues", state="every"), 'the query\'s state: it: "every" is not one of'),
        (request("GET", "/issues", per_page="many"), 'the query\'s per_page: it: "many" is not of type "integer"'),
        (request("GET", "/issues", since="yesterday"), "the query's since: it: "),
        (request("GET", "/issues", {"title": "A"}), "the request takes no body"),
        (request("POST", "/issues"), "the request's it: null is not of type"),
        (request("POST", "/issues", {"body": "A"}), 'the request\'s it: "title" is a required property'),
        (request("POST", "/issues", {"title": "A", "label": ["x"]}), "('label' was unexpected)"),
        (request("POST", "/issues", {"title": "A", "labels": "x"}), "the request's labels: "),
        (request("POST", "/git/trees", {"tree": [{"path": "x", "mode": "644"}]}), "the request's tree/0/mode: "),
        (request("PATCH", "/git/refs/heads/main", {"sha": NOBODY, "forced": True}), "('forced' was unexpected)"),
        (request("PATCH", "/branches/main", {"sha": NOBODY}), "rest-api.json has no such operation"),
        (request("GET", "/pulls/first"), "rest-api.json has no such operation"),
        (update(beforeOID=NOBODY), "('beforeOID' was unexpected)"),
        (update(beforeOid="abc"), "the request's variables/input/refUpdates/0/beforeOid: "),
        (update(name="main"), "the request's variables/input/refUpdates/0/name: "),
        (update(force="yes"), "the request's variables/input/refUpdates/0/force: "),
    ],
)
def test_a_request_is_held_to_the_description(exchange: Exchange, told: str) -> None:
    [misfit] = misfits(exchange)
    assert told in misfit


def test_a_mutation_is_held_to_the_schema() -> None:
    known = update().request
    for old, new in [("UpdateRefsInput", "UpdateRefInput"), ("{ clientMutationId }", "{ refs }")]:
        spoilt = replace(known, body=known.body | {"query": UPDATE.replace(old, new)})
        [misfit] = misfits(Exchange(spoilt, None))
        assert "the request's query: " in misfit


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda it: it.pop("number"), '201: it: "number" is a required property'),
        (lambda it: it["user"].pop("login"), '201: user: "login" is a required property'),
        (lambda it: it.update(number="1"), '201: number: "1" is not of type "integer"'),
        (lambda it: it.update(created_at="today"), '201: created_at: "today" is not a "date-time"'),
        (lambda it: it.update(html_url="a b"), '201: html_url: "a b" is not a "uri"'),
        (lambda it: it.update(author_association="SOMEBODY"), '201: author_association: "SOMEBODY" is not one of'),
        (lambda it: it.update(hidden=True), "201: it: Additional properties are not allowed ('hidden' was unexpected)"),
    ],
)
def test_an_answer_is_held_to_the_description(
    github: GithubStandIn, seen: list[Exchange], spoil: Spoil, told: str
) -> None:
    document = ask(github, "POST", f"/repos/{github.repository}/issues", {"title": "A"}).json()
    assert seen[-1].answer
    assert list(misfits(seen[-1])) == []
    spoil(document)

    [misfit] = misfits(replace(seen[-1], answer=replace(seen[-1].answer, body=json.dumps(document).encode())))

    assert misfit.startswith(told)


@pytest.mark.parametrize(
    ("verb", "path", "answer", "told"),
    [
        ("GET", "/issues", Answer(200, b"[]"), []),
        ("GET", "/issues", Answer(409, b'{"message": "A"}'), ["409: no such status is described"]),
        ("GET", "/issues", Answer(200, b"[]", content_type="text/html"), ["200: the content type is text/html"]),
        ("GET", "/issues", Answer(404, b'{"message": 5}'), ['404: message: 5 is not of type "string"']),
        ("DELETE", "/git/refs/heads/x", Answer(204), []),
        ("DELETE", "/git/refs/heads/x", Answer(204, b"{}"), ["204: no body is described"]),
        ("DELETE", "/git/refs/heads/x", Answer(422, b'{"message": 5}'), ['422: message: 5 is not of type "string"']),
        ("GET", "/issues", Answer(301, b"{}", {"Location": "/x"}), []),
        ("GET", "/issues", Answer(301, b"{}"), ["301: it leads nowhere"]),
        # What any operation may answer.
        ("GET", "/issues", Answer(401, b"no"), []),
        ("GET", "/issues", Answer(403, b"no"), []),
        ("GET", "/issues", Answer(502, b"<html>", content_type="text/html"), []),
        # The request was refused, which had no title.
        ("POST", "/issues", Answer(422, b'{"message": "A", "documentation_url": "B", "status": "422"}'), []),
    ],
)
def test_statuses_headers_and_content_types_are_held_too(verb: str, path: str, answer: Answer, told: list[str]) -> None:
    assert list(misfits(replace(request(verb, path), answer=answer))) == told


def test_a_made_object_says_where_it_is(github: GithubStandIn, seen: list[Exchange]) -> None:
    ask(github, "POST", f"/repos/{github.repository}/git/blobs", {"content": "A"})
    [exchange] = seen
    assert exchange.answer

    without = replace(exchange.answer, headers={})

    assert list(misfits(replace(exchange, answer=without))) == ["201: the header Location is lacking"]


def test_the_answer_of_a_fault_is_not_compared_and_its_request_is(github: GithubStandIn, seen: list[Exchange]) -> None:
    github.fail(refuse(200, body=b"<html>"))
    assert ask(github, "GET", f"/repos/{github.repository}/issues?state=all").text == "<html>"
    [exchange] = seen

    assert exchange.answer is None
    spoilt = replace(exchange.request, query={"state": "every"})
    assert len(list(misfits(replace(exchange, request=spoilt)))) == 1


# The slice


def test_the_slice_is_what_its_module_cuts() -> None:
    document = json.loads(SLICE.read_bytes())
    told = {f"{verb} {path}" for verb, path in wanted()}

    assert {f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs} == told
    # Each operation, all that it refers to, and nothing else.
    assert cut(document) == document
    assert written(document) == SLICE.read_text("utf-8")
