"""A release's tags on GitHub, by its API and with the job's token: `v1.2.3`, and `v1`, which follows.

`python -m release.publish tag 1.2.3 IMAGE COMMIT` puts a commit on top of COMMIT, in which action.yml names the image
by digest, and moves v1.2.3 there; `python -m release.publish follow 1.2.3` moves v1 there. Both may be repeated.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from github import Auth, Github, GithubException, InputGitTreeElement, UnknownObjectException
from requests import RequestException

from release.pinned import ACTION, pinned
from release.version import Refused, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from github.GitRef import GitRef
    from github.Repository import Repository


def tag(repository: Repository, version: Version, image: str, base: str) -> str:
    """The commit that everybody gets who pins this release. The API signs it for the job's bot."""
    parent = repository.get_git_commit(base)
    content = pinned(_action(repository, base), image)
    changed = InputGitTreeElement(str(ACTION), "100644", "blob", content=content)
    tree = repository.create_git_tree([changed], parent.tree)
    there = _ref(repository, version.tag)
    if there is None:
        raise Refused(f"{version.tag} is not there any more: push it again")
    if there.object.sha != base:
        # A release that is repeated after it got here; anything else under this tag is somebody's to explain.
        if repository.get_git_commit(there.object.sha).tree.sha != tree.sha:
            raise Refused(
                f"{version.tag} is at another commit than the one that was tested: it moves only on top of that"
            )
        return there.object.sha
    commit = repository.create_git_commit(f"{version.tag}: the image by digest\n\n{image}\n", tree, [parent])
    there.edit(commit.sha)
    return commit.sha


def follow(repository: Repository, version: Version) -> str:
    """`v1` goes where `v1.2.3` is: a plain tag without a release, as a release's own tag cannot move."""
    release = _ref(repository, version.tag)
    if release is None:
        raise Refused(f"{version.tag} is not there yet")
    newest = max(_releases(repository, version.major))
    if newest > version:
        raise Refused(f"{newest.tag} is newer than {version.tag}: {version.moving_tag} stays there")
    moving = _ref(repository, version.moving_tag)
    if moving:
        moving.edit(release.object.sha, force=True)
    else:
        repository.create_git_ref(f"refs/tags/{version.moving_tag}", release.object.sha)
    return release.object.sha


def _action(repository: Repository, commit: str) -> str:
    file = repository.get_contents(str(ACTION), ref=commit)
    if isinstance(file, list):
        raise Refused(f"{ACTION} is a folder")
    return file.decoded_content.decode()


def _releases(repository: Repository, major: int) -> Iterator[Version]:
    for ref in repository.get_git_matching_refs(f"tags/v{major}."):
        with suppress(Refused):
            yield Version.parse(ref.ref.removeprefix("refs/tags/v"))


def _ref(repository: Repository, name: str) -> GitRef | None:
    try:
        return repository.get_git_ref(f"tags/{name}")
    except UnknownObjectException:
        return None


def main(step: str, version: str, *rest: str) -> int:
    try:
        made = Version.parse(version)
        with _github() as github:
            repository = github.get_repo(os.environ["GITHUB_REPOSITORY"])
            commit = tag(repository, made, *rest) if step == "tag" else follow(repository, made)
    except Refused as refused:
        print(f"::error::{refused}")
    except GithubException as error:
        print(f"::error::GitHub refused: {error.status} {error.data}")
    except RequestException as error:
        print(f"::error::GitHub did not answer: {error}. Start the job again")
    else:
        print(f"{made.tag if step == 'tag' else made.moving_tag} is at {commit}")
        return 0
    return 1


def _github() -> Github:
    """No request is repeated, as a step that failed halfway is started again as a whole; nor is there a pause."""
    return Github(
        auth=Auth.Token(os.environ["GITHUB_TOKEN"]),
        base_url=os.environ.get("GITHUB_API_URL", "https://api.github.com"),
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
