"""What every job and step of a release holds to: images by the digest of what was pushed, and only wheels.

An image's tag can be moved by whoever may write packages, between the push and the attestation. A digest cannot.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from release.changelog import notes
from release.pinned import pinned
from release.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILE = ".github/workflows/release.yml"
WORKFLOW = (ROOT / FILE).read_text("utf-8")
IMAGE = re.compile(r"\$\{?IMAGE\b\}?|ghcr\.io/|localhost/")
BY_DIGEST = re.compile(r"(?:docker://|oci://)?\$IMAGE@\$(?P<digest>[A-Z0-9]+)")
LOCAL = "localhost/daily-papers:checked"
PUSHED = "ghcr.io/mona/daily-papers@sha256:" + "0123456789abcdef" * 4
NAME = "${{ needs.check.outputs.image }}"
PIP = ("--no-deps", "--only-binary=:all:", "--require-hashes")


def faults(text: str) -> list[str]:
    """Where a workflow names an image by something that can be moved, or installs what may run while it is built."""
    jobs: dict[str, Any] = YAML(typ="safe").load(text)["jobs"]
    found = []
    for name, job in jobs.items():
        for number, step in enumerate(job.get("steps", ()), 1):
            told = [*_images(jobs, job, step), *_attested(jobs, job, step), *_expressions(step), *_installs(job, step)]
            found += [f"{name}, step {number}: {fault}" for fault in told]
        found += [f"{name}: {key} is {value}" for key, value in job.get("env", {}).items() if _names(key, value)]
    return found


def _commands(script: str) -> Iterator[list[str]]:
    """A script's lines as words; an assignment or a redirection is a word too."""
    for line in script.replace("\\\n", " ").splitlines():
        yield shlex.split(line, comments=True)


def _images(jobs: dict[str, Any], job: dict[str, Any], step: dict[str, Any]) -> Iterator[str]:
    variables = {**job.get("env", {}), **step.get("env", {})}
    for words in _commands(step.get("run", "")):
        pushes = words[:2] == ["buildah", "push"] or words[:3] == ["buildah", "manifest", "push"]
        if pushes and "--digestfile" not in words:
            yield "what is pushed leaves no digest"
        for word in filter(IMAGE.search, words):
            if pushes and word in (words[-1], LOCAL):
                continue
            if word == "image=ghcr.io/${GITHUB_REPOSITORY,,}":  # the name alone, for the jobs that follow
                continue
            by = BY_DIGEST.fullmatch(word)
            if not by:
                yield f"{word} is no image by digest"
            elif not _was_pushed(jobs, job, variables.get(by["digest"], "")):
                yield f"{by['digest']} is not the digest of what was pushed"


def _attested(jobs: dict[str, Any], job: dict[str, Any], step: dict[str, Any]) -> Iterator[str]:
    if step.get("uses", "").startswith("actions/attest"):
        given = step.get("with", {})
        if given.get("subject-name") != "${{ env.IMAGE }}":
            yield "the subject is not the image's name, without a tag"
        if not _was_pushed(jobs, job, given.get("subject-digest", "")):
            yield "what is attested is not what was pushed"


def _expressions(step: dict[str, Any]) -> Iterator[str]:
    """The image's name goes into a script by the job's variable, so that the script shows what is done with it."""
    if "${{" in step.get("run", ""):
        yield "an expression stands in a script: pass it by env"
    values = {**step.get("env", {}), **step.get("with", {})}
    yield from (f"{key} is {value}" for key, value in values.items() if _names(key, value))


def _names(key: str, value: object) -> bool:
    told = re.search(r"\.outputs\.image\b|\benv\.IMAGE\b|ghcr\.io/.", str(value))
    return bool(told) and (key, value) not in {("IMAGE", NAME), ("subject-name", "${{ env.IMAGE }}")}


def _was_pushed(jobs: dict[str, Any], job: dict[str, Any], expression: str) -> bool:
    """Whether it leads back, from job to job, to a step that wrote down the digest of its own push."""
    if needed := re.fullmatch(r"\$\{\{ needs\.(\w+)\.outputs\.(\w+) \}\}", expression):
        other = jobs[needed[1]]
        return needed[1] in job["needs"] and _was_pushed(jobs, other, other["outputs"].get(needed[2], ""))
    if own := re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}", expression):
        pushing = [step for step in job["steps"] if step.get("id") == own[1]]
        return any(own[2] in _digests(job, step) for step in pushing)
    return False


def _digests(job: dict[str, Any], step: dict[str, Any]) -> set[str]:
    """The outputs of a step that hold what buildah wrote as the digest of its push."""
    commands = list(_commands(step["run"]))
    files = {words[words.index("--digestfile") + 1] for words in commands if "--digestfile" in words}
    names = {
        found[1]
        for words in commands
        for word in words
        if words[-2:] == [">>", "$GITHUB_OUTPUT"] and (found := re.fullmatch(r"(\S+?)=\$\(cat (\S+)\)", word))
        if found[2] in files
    }
    # A matrix: each machine writes the output that is named like it.
    machines = {machine["architecture"] for machine in job.get("strategy", {}).get("matrix", {}).get("include", ())}
    by_machine = job.get("env", {}).get("ARCHITECTURE") == "${{ matrix.architecture }}"
    return names | (machines if "$ARCHITECTURE" in names and by_machine else set())


def _installs(job: dict[str, Any], step: dict[str, Any]) -> Iterator[str]:
    """A package without a wheel runs its own code while it is built; so none is built where a job may write."""
    writes = "write" in job["permissions"].values()
    for words in _commands(step.get("run", "")):
        if writes and {"pip", "pip3", "pipx", "uv"} & set(words) and not set(PIP) <= set(words):
            yield f"pip installs without {' '.join(PIP)}"


def test_images_are_named_by_the_digest_of_what_was_pushed_and_only_wheels_are_installed() -> None:
    assert faults(WORKFLOW) == []


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ('add both "docker://$IMAGE@$AMD64"', 'add both "docker://$IMAGE:$VERSION-amd64"', "is no image by digest"),
        ('add both "docker://$IMAGE@$ARM64"', 'add both "docker://$IMAGE"', "is no image by digest"),
        ('add both "docker://$IMAGE@$ARM64"', "add both localhost/daily-papers:checked", "is no image by digest"),
        ('pull "docker://$IMAGE@$AMD64"', 'pull "docker://ghcr.io/mona/papers:1"', "is no image by digest"),
        ('release.sbom "$IMAGE@$AMD64"', 'release.sbom "${IMAGE}:$VERSION"', "is no image by digest"),
        (
            'publish tag "$VERSION" "$IMAGE@$DIGEST"',
            'publish tag "$VERSION" "$IMAGE:$VERSION"',
            "is no image by digest",
        ),
        ('changelog "$VERSION" "$IMAGE@$DIGEST"', 'changelog "$VERSION" "$IMAGE:latest"', "is no image by digest"),
        ("AMD64: ${{ needs.image.outputs.amd64 }}", "AMD64: ${{ needs.check.outputs.version }}", "AMD64 is not the"),
        ("ARM64: ${{ needs.image.outputs.arm64 }}", "ARM64: sha256:0", "ARM64 is not the digest"),
        ("amd64: ${{ steps.push.outputs.amd64 }}", "amd64: ${{ steps.push.outputs.tag }}", "AMD64 is not the digest"),
        ("push --digestfile digest.txt", "push", "leaves no digest"),
        ("$ARCHITECTURE=$(cat digest.txt)", "$ARCHITECTURE=$(cat other.txt)", "AMD64 is not the digest"),
        ("digest=$(cat digest.txt)", "digest=$(skopeo inspect $IMAGE:$VERSION)", "what is attested is not"),
        ("subject-digest: ${{ steps.push.outputs.digest }}", "subject-path: image.tar", "what is attested is not"),
        ("subject-name: ${{ env.IMAGE }}", "subject-name: ${{ env.IMAGE }}:1", "the subject is not the image's name"),
        ("AMD64: ${{", f"OTHER: {NAME}:1\n      AMD64: ${{{{", "OTHER is"),
        ('"docker://$IMAGE@$AMD64"', f'"docker://{NAME}:1"', "an expression stands in a script"),
        ("--only-binary=:all: ", "", "pip installs without"),
        ("--require-hashes ", "", "pip installs without"),
    ],
)
def test_a_step_that_goes_back_is_found(now: str, then: str, told: str) -> None:
    assert now in WORKFLOW
    assert told in "\n".join(faults(WORKFLOW.replace(now, then)))


def test_make_installs_only_wheels_as_a_job_that_may_write_calls_it() -> None:
    installs = re.findall(r"pip install .*", (ROOT / "Makefile").read_text("utf-8"))
    assert installs
    assert all(set(PIP) <= set(install.split()) for install in installs)


def verifications() -> Iterator[tuple[str, str]]:
    """Each command that people are told to check a release with, in one line."""
    texts = {page.name: page.read_text("utf-8") for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]}
    texts["notes"] = notes("## [1.0.0] - 2026-11-24\n\n- All.\n", Version(1, 0, 0), PUSHED, "OWNER/daily-papers")
    for name, text in texts.items():
        for found in re.findall(r"^gh attestation verify (?:.*\\\n)*.*", text, re.MULTILINE):
            yield name, " ".join(found.replace("\\\n", " ").split())


def test_who_verifies_an_image_names_it_by_digest_and_the_workflow_and_tag_that_sign() -> None:
    """https://cli.github.com/manual/gh_attestation_verify: without them, any workflow of the repository will do."""
    told = dict(verifications())
    assert {"security.md", "notes"} <= told.keys()
    signer = f"--repo OWNER/daily-papers --signer-workflow OWNER/daily-papers/{FILE} --source-ref refs/tags/v1.0.0"
    for name, command in told.items():
        assert re.fullmatch(r'gh attestation verify (?:"oci://\$image"|oci://\S+@sha256:[0-9a-f]{64}) (.*)', command), (
            name
        )
        assert command.endswith(signer), name
    workflows = {path.name: path.read_text("utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")}
    assert [name for name, text in workflows.items() if "uses: actions/attest" in text] == [Path(FILE).name]


def test_the_image_that_is_verified_is_the_one_that_the_tagged_action_names() -> None:
    script = re.findall(r"^  (sed -n .*)\)$", (ROOT / "docs/security.md").read_text("utf-8"), re.MULTILINE)
    action = pinned((ROOT / "action.yml").read_text("utf-8"), PUSHED)
    found = subprocess.run(shlex.split(script[0]), input=action, capture_output=True, encoding="utf-8", check=True)
    assert found.stdout == f"{PUSHED}\n"
