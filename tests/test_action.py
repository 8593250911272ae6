"""What users see of the action in an editor and in the Marketplace: action.yml, and action-types.yml beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from digest.config import COLUMNS, DEFAULTS

ROOT = Path(__file__).parents[1]
# The Marketplace's limit is GitHub's for a repository's description.
LONGEST_DESCRIPTION = 350
# What this action uses of https://github.com/typesafegithub/github-actions-typing, and the fields of each.
FIELDS = {
    "string": {"type"},
    "boolean": {"type"},
    "integer": {"type", "named-values"},
    "float": {"type"},
    "enum": {"type", "name", "allowed-values"},
    "list": {"type", "separator", "list-item"},
}


def _yaml(name: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(ROOT / name)
    return document


ACTION = _yaml("action.yml")
TYPES = _yaml("action-types.yml")
INPUTS = {name: (declared, TYPES["inputs"][name]) for name, declared in ACTION["inputs"].items()}


def test_has_what_the_marketplace_asks_for() -> None:
    assert ACTION["name"]
    assert ACTION["author"]
    assert len(ACTION["description"]) <= LONGEST_DESCRIPTION
    assert set(ACTION["branding"]) == {"icon", "color"}
    assert ACTION["runs"] == {"using": "docker", "image": "Dockerfile"}


def test_every_input_and_output_says_what_it_is() -> None:
    for name, declared in (ACTION["inputs"] | ACTION["outputs"]).items():
        assert declared["description"].endswith("."), name


def test_the_defaults_are_the_codes() -> None:
    declared = {name: field.get("default", "") for name, field in ACTION["inputs"].items()}
    assert declared.pop("token") == "${{ github.token }}"
    assert declared == {name: default for name, default in DEFAULTS.items() if name != "token"}


def test_every_input_and_output_has_its_type_in_the_same_order() -> None:
    assert list(TYPES) == ["inputs", "outputs"]
    for part in TYPES:
        assert list(TYPES[part]) == list(ACTION[part])


def test_the_types_are_of_the_documented_form() -> None:
    for typed in (*TYPES["inputs"].values(), *TYPES["outputs"].values()):
        for told in filter(None, (typed, typed.get("list-item"))):
            assert set(told) <= FIELDS[told["type"]]
            assert told["type"] != "enum" or told["allowed-values"]
        assert typed["type"] != "list" or typed["separator"]
        assert typed.get("list-item", {}).get("type") != "list"


@pytest.mark.parametrize(("declared", "typed"), INPUTS.values(), ids=INPUTS)
def test_the_default_is_of_the_type(declared: dict[str, str], typed: dict[str, Any]) -> None:
    default = declared.get("default", "")
    if typed["type"] in ("integer", "float"):
        assert float(default) == (int(default) if typed["type"] == "integer" else float(default))
    if typed["type"] == "boolean":
        assert default in ("true", "false")
    if typed["type"] == "enum":
        assert default in typed["allowed-values"]
    item = typed.get("list-item", {})
    if item.get("type") == "enum":
        assert set(default.replace(" ", "").split(typed["separator"])) <= set(item["allowed-values"])


def test_the_columns_are_the_codes() -> None:
    assert tuple(TYPES["inputs"]["columns"]["list-item"]["allowed-values"]) == COLUMNS
