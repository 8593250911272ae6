"""A release's number, its notes, the action.yml that it tags, and when it is refused."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release.changelog import entries, entry, notes
from release.check import faults, main, released, requested
from release.pinned import pinned
from release.sbom import sbom
from release.version import Refused, Version

ROOT = Path(__file__).parents[1]
DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = f"ghcr.io/mona/daily-papers@{DIGEST}"
CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- Lists by [month], after a wish in [#7].

```markdown
## [1.0.5] - 2026-11-30
```

## [1.0.0] - 2026-11-24

- All of it.

[month]: https://example.org/month
[#7]: https://example.org/7
[1.0.0]: https://example.org/1.0.0
"""
V1_1 = Version(1, 1, 0)


@pytest.mark.parametrize("text", ["v1.2.3", "1.2", "1.2.3.4", "01.2.3", "1.2.3-rc1", "1.2.3\n", "１.2.3", ""])
def test_a_version_is_three_numbers(text: str) -> None:
    with pytest.raises(Refused, match="is no version: write three numbers"):
        Version.parse(text)


@given(st.tuples(*[st.integers(0, 10**6)] * 3), st.tuples(*[st.integers(0, 10**6)] * 3))
def test_versions_are_ordered_as_numbers(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert Version.parse(str(Version(*one))) == Version(*one)
    assert (Version(*one) < Version(*other)) == (one < other)


def test_the_tags_of_a_version() -> None:
    assert (Version(1, 10, 2).tag, Version(1, 10, 2).moving_tag) == ("v1.10.2", "v1")


def test_the_notes_are_the_entry_its_links_and_how_to_verify_the_image() -> None:
    told = notes(CHANGELOG, V1_1, IMAGE, "mona/daily-papers")
    assert told.startswith("### Added\n\n- Lists by [month], after a wish in [#7].\n\n```markdown\n## [1.0.5] - 2026")
    assert "All of it" not in told
    assert "\n[month]: https://example.org/month\n[#7]: https://example.org/7\n" in told
    assert "[1.0.0]:" not in told
    assert told.endswith(
        f"```sh\ngh attestation verify oci://{IMAGE} --repo mona/daily-papers \\\n"
        "  --signer-workflow mona/daily-papers/.github/workflows/release.yml --source-ref refs/tags/v1.1.0\n```\n"
    )


def test_a_heading_in_code_is_text() -> None:
    assert [found.name for found in entries(CHANGELOG)] == ["Unreleased", "1.1.0", "1.0.0"]


def test_the_projects_own_is_one_that_a_release_can_read() -> None:
    unreleased, *released = entries((ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert unreleased.name == "Unreleased"
    assert all(found.text for found in released or [unreleased])
    assert "](CHANGELOG.md)" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("changelog", "told"),
    [
        ("# Changelog\n", "CHANGELOG.md has no heading `## [1.1.0] - YYYY-MM-DD`"),
        (CHANGELOG.replace("1.1.0", "1.2.0"), "CHANGELOG.md has no heading `## [1.1.0] - YYYY-MM-DD`"),
        (CHANGELOG.replace(" - 2026-12-01", ""), "CHANGELOG.md, line 5: the heading needs its day"),
        (CHANGELOG.replace("2026-12-01", "2026-12-32"), "CHANGELOG.md, line 5: the heading needs its day"),
        (CHANGELOG.replace("2026-12-01", "20261201"), "CHANGELOG.md, line 5: the heading needs its day"),
        ("## [1.1.0] - 2026-12-01\n\n### Added\n\n[1.1.0]: u\n", "CHANGELOG.md, line 1: nothing is said of 1.1.0"),
        ("## [1.1.0]\n\n## [1.1.0]\n", "CHANGELOG.md, line 3: 1.1.0 has a heading already, in line 1"),
        ("## [1.2.0]\n\n## [1.1.0]\n", "CHANGELOG.md, line 3: 1.1.0 stands below 1.2.0: the newest goes on top"),
    ],
)
def test_an_entry_that_is_not_ready_is_refused(changelog: str, told: str) -> None:
    with pytest.raises(Refused) as caught:
        entry(changelog, V1_1)
    assert told in str(caught.value)


def test_the_tagged_action_names_the_image_by_digest_and_is_the_same_otherwise() -> None:
    action = (ROOT / "action.yml").read_text("utf-8")
    tagged = pinned(action, IMAGE)
    before, after = action.splitlines(), tagged.splitlines()
    assert len(before) == len(after)
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ("  image: Dockerfile", f"  image: docker://{IMAGE}")
    ]


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/mona/daily-papers:1.2.3",
        f"ghcr.io/Mona/daily-papers@{DIGEST}",
        f"daily-papers@{DIGEST}",
        f"{IMAGE}\n",
        IMAGE[:-1],
    ],
)
def test_only_a_digest_in_a_registry_is_an_image(image: str) -> None:
    with pytest.raises(Refused, match="is no image by digest"):
        pinned("runs:\n  image: Dockerfile\n", image)
    with pytest.raises(Refused, match="is no image by digest"):
        notes(CHANGELOG, V1_1, image, "mona/daily-papers")
    with pytest.raises(Refused, match="is no image by digest"):
        sbom({"python": [], "debian": []}, image, datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("action", ["runs:\n  image: docker://x\n", "  image: Dockerfile\n" * 2])
def test_an_action_that_does_not_build_its_image_once_is_refused(action: str) -> None:
    with pytest.raises(Refused, match="needs the line `  image: Dockerfile` once"):
        pinned(action, IMAGE)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository that may release 1.1.0: 1.0.0 is out, main is here."""
    files = {
        "CHANGELOG.md": CHANGELOG,
        "Dockerfile": f"FROM --platform=linux/amd64 python:3.13-slim@{DIGEST} AS base\nFROM base\n",
        "README.md": "uses: mona/daily-papers@v1\n",
        "action.yml": "runs:\n  image: Dockerfile\n",
        "pyproject.toml": '[project]\nversion = "1.1.0"\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "All")
    for ref in ("remotes/origin/main", "tags/v1.0.0", "tags/v1", "tags/v0.9.9", "tags/vendored"):
        _git(tmp_path, "update-ref", f"refs/{ref}", "HEAD")
    return tmp_path


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Mona", "-c", "user.email=mona@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_a_sound_commit_may_be_released(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(clone, V1_1) == []
    assert sorted(released(clone)) == [Version(0, 9, 9), Version(1, 0, 0)]
    monkeypatch.chdir(clone)
    _git(clone, "tag", "v1.1.0")
    assert main("v1.1.0") == 0


def test_an_annotated_tag_is_refused_before_anything_is_built(clone: Path) -> None:
    _git(clone, "tag", "--annotate", "--message", "1.1.0", "v1.1.0")
    told = "v1.1.0 is annotated or signed: delete it and make a plain one, git tag --no-sign"
    assert faults(clone, V1_1) == [told]


def test_every_fault_is_told_at_once(clone: Path) -> None:
    (clone / "pyproject.toml").write_text('[project]\nversion = "1.0.0"\n')
    (clone / "CHANGELOG.md").unlink()
    (clone / "Dockerfile").write_text(f"FROM a\nFROM b:1 AS c\nFROM d@sha256:{'0' * 64}\nFROM c\n")
    (clone / "action.yml").write_text("runs:\n  image: docker://x\n")
    (clone / "README.md").write_text("\nuses: OWNER/daily-papers\ngithub.com/OWNER/daily-papers\nOWNER/NAME\n")
    _git(clone, "commit", "--quiet", "--all", "--message", "Not merged")
    assert faults(clone, Version(0, 9, 9)) == [
        "pyproject.toml says version 1.0.0, the tag says 0.9.9",
        "v1.0.0 is out already: a release's number is higher than all before it",
        "the commit is not on the main branch: merge it first",
        "CHANGELOG.md is missing",
        "Dockerfile, line 1: a is not pinned: write its digest, name@sha256:...",
        "Dockerfile, line 2: b:1 is not pinned: write its digest, name@sha256:...",
        f"Dockerfile, line 3: d@sha256:{'0' * 64} is not pinned: write its digest, name@sha256:...",
        "action.yml needs the line `  image: Dockerfile` once; the release writes the digest there itself",
        "README.md, line 2 and 1 more: write the account's name for OWNER",
    ]


@pytest.mark.parametrize(("tag", "told"), [("1.1.0", "asks for no release"), ("v1.1", "is no version")])
def test_another_tag_asks_for_no_release(tag: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match=told):
        requested(tag)
    assert main(tag) == 1
    assert told in capsys.readouterr().out


def test_this_repository_is_ready_but_for_its_name_and_its_merge() -> None:
    """What only a release's own commit has is not asked of every commit."""
    later = ("README.md", "docs/", "examples/", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/", "digest/")
    told = faults(ROOT, Version.parse("99.0.0"))
    assert [fault for fault in told if not fault.startswith((*later, "pyproject.toml says", "the commit is not"))] == []


def test_the_workflow_calls_each_step_with_what_it_takes() -> None:
    """A misspelt step would be found in the middle of a release."""
    workflow = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    calls = re.findall(r"python -m release\.(\w+) ([^\n|>]+)", workflow)
    assert {name for name, _ in calls} == {"check", "changelog", "publish", "sbom"}
    for name, arguments in calls:
        signature(import_module(f"release.{name}").main).bind(*shlex.split(arguments))
    steps = [shlex.split(arguments) for name, arguments in calls if name == "publish"]
    assert [(step[0], len(step)) for step in steps] == [("tag", 4), ("follow", 2)]


@pytest.mark.parametrize("name", ["ci", "release", "use"])
def test_every_checkout_of_a_release_names_the_commit_as_its_tag_moves(name: str) -> None:
    """By the tag, actions/checkout refuses one that is elsewhere than when the run was asked for."""
    steps = re.findall(r"uses: actions/checkout@.*\n(.*)", (ROOT / f".github/workflows/{name}.yml").read_text("utf-8"))
    assert steps
    assert [step for step in steps if "github.sha }}" not in step] == []


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("release.check", ["v1"]), ("release.changelog", ["v1", IMAGE, "o/r"])],
)
def test_a_step_that_is_refused_fails_its_job_with_a_sentence(module: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", module, *arguments]
    step = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert step.returncode == 1
    assert "Traceback" not in step.stderr
    assert step.stdout + step.stderr != ""
