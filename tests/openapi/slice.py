"""Cuts the operations that the stand-in answers out of GitHub's own description of its REST API; see README.md.

`python -m tests.openapi.slice PACKAGE/generated/api.github.com.json` writes rest-api.json anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE = Path(__file__).with_name("rest-api.json")
# Below /repos/{owner}/{repo}: what the action asks for, and then what the tests and releases do besides.
OPERATIONS = """
GET
GET    /branches/{branch}
GET    /commits
GET    /compare/{basehead}
GET    /contents/{path}
GET    /git/blobs/{file_sha}
POST   /git/blobs
POST   /git/commits
POST   /git/refs
DELETE /git/refs/{ref}
PATCH  /git/refs/{ref}
POST   /git/trees
GET    /git/trees/{tree_sha}
GET    /issues
POST   /issues
POST   /issues/{issue_number}/assignees
GET    /issues/{issue_number}/comments
POST   /issues/{issue_number}/comments
GET    /issues/comments
GET    /pulls
POST   /pulls
PATCH  /pulls/{pull_number}
GET    /rules/branches/{branch}

GET    /branches
GET    /branches/{branch}/protection
GET    /commits/{ref}
DELETE /contents/{path}
PUT    /contents/{path}
GET    /git/commits/{commit_sha}
GET    /git/matching-refs/{ref}
GET    /git/ref/{ref}
GET    /issues/{issue_number}
PATCH  /issues/{issue_number}
PUT    /issues/{issue_number}/lock
DELETE /issues/{issue_number}/lock
GET    /labels
GET    /pulls/{pull_number}
GET    /pulls/{pull_number}/merge
PUT    /pulls/{pull_number}/merge
GET    /readme
"""
_TEXTS = {"description", "summary", "example", "examples", "externalDocs", "tags", "title"}
_OTHERS = ("x-github", "x-octokit")


def wanted() -> list[tuple[str, str]]:
    """Verbs and paths."""
    lines = (line.partition(" ") for line in OPERATIONS.splitlines() if line)
    below = [(verb, f"/repos/{{owner}}/{{repo}}{path.strip()}") for verb, _, path in lines]
    return [*below, ("GET", "/user")]


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """The operations and all that they refer to, without texts."""
    paths: dict[str, Any] = {}
    for verb, path in wanted():
        paths.setdefault(path, {})[verb.lower()] = _bare(whole["paths"][path][verb.lower()])
    components: dict[str, Any] = {}
    waiting = list(_references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _bare(whole["components"][kind][name])
            waiting += _references(components[kind][name])
    info = {"license": whole["info"]["license"], "version": whole["info"]["version"]}
    return {"openapi": whole["openapi"], "info": info, "paths": paths, "components": components}


def _bare(node: Any, *, names: bool = False) -> Any:
    """`names`: the keys are names of fields, which may be called `title` too."""
    if isinstance(node, list):
        return [_bare(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: one for key, one in node.items() if names or not (key in _TEXTS or key.startswith(_OTHERS))}
    return {key: _bare(one, names=key == "properties" and not names) for key, one in kept.items()}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _references(one)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        yield from _references(list(node.values()))


def written(document: dict[str, Any]) -> str:
    """A line for each operation and each schema, so that a newer one can be compared."""
    return _lines(document, depth=3) + "\n"


def _lines(node: Any, depth: int) -> str:
    if not depth or not isinstance(node, dict):
        return json.dumps(node, sort_keys=True, separators=(",", ":"))
    rows = (f"{json.dumps(key)}:{_lines(node[key], depth - 1)}" for key in sorted(node))
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    SLICE.write_text(written(cut(json.loads(Path(sys.argv[1]).read_bytes()))), "utf-8")
