"""The recipes of docs/notifications.md: each is a sound workflow, and its step sends what its service takes.

The steps run here by bash, jq and curl as GitHub's runner runs them, over what a run gave out for papers whose titles
are up to no good; a server of this machine takes what they send.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from tests.factories import paper, papers, started
from tests.in_process import run_here
from tests.pages import DOCS, README, ROOT, code, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = DOCS["notifications"]
RECIPES = dict(
    zip(
        re.findall(r"^### (.+)$", part(PAGE, "Recipes"), re.MULTILINE),
        code("yaml", part(PAGE, "Recipes")),
        strict=True,
    )
)
# What titles may hold that a shell, JSON, HTML, a chat or a mail would read.
EVIL = [
    "$(touch stolen) `touch stolen` ${HOME} ; touch stolen",
    '"quoted" \'single\' \\n \\" }]} , "text": "x',
    "<b>R&D</b> <!channel> <@U1> @everyone </a>",
    "[click](https://evil.test) **bold** _x_ ~y~ ||z|| #1",
    ".",
    "視訊 \U0001f30a Привет",
]
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
TOOLS = ("bash", "jq", "curl")


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def steps(recipe: str) -> list[dict[str, Any]]:
    (job,) = read(recipe)["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The outputs of a run over these papers."""
    found = [paper(number, title=title) for number, title in enumerate(reversed(EVIL), 1)]
    with started(tmp_path_factory.mktemp("told"), found, notify="none") as action:
        return run_here(action).outputs


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The outputs of a first run over hundreds of papers with long titles."""
    found = papers(range(1, 501), title="Long & <title> [of] " * 10)
    with started(tmp_path_factory.mktemp("many"), found, notify="none", max_results="500") as action:
        return run_here(action).outputs


@dataclass
class Service:
    """A server of this machine: what it was sent, and what it answers."""

    address: str = ""
    sent: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    status: int = 200
    answer: object = field(default_factory=lambda: {"code": 0, "choices": [{"message": {"content": "A `summary`."}}]})

    @property
    def message(self) -> Any:
        """What it was sent, once."""
        ((_, headers, value),) = self.sent
        assert headers["Content-Type"] == "application/json"
        return value


@pytest.fixture
def service() -> Iterator[Service]:
    taken = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.sent.append((self.path, dict(self.headers), json.loads(body)))
            answer = json.dumps(taken.answer).encode()
            self.send_response(taken.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        taken.address = f"http://127.0.0.1:{server.server_port}"
        yield taken
        server.shutdown()


@dataclass
class Post:
    """A mail server of this machine: the envelope and the message that it was sent."""

    address: str = ""
    login: str = ""
    envelope: list[str] = field(default_factory=list)
    message: bytes = b""


@pytest.fixture
def post() -> Iterator[Post]:
    taken = Post()

    class Handler(StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    self.say("250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN")
                elif verb == "AUTH":
                    self.say("334 ")
                    taken.login = b64decode(self.rfile.readline()).decode()
                    self.say("235 come in")
                elif verb == "DATA":
                    self.say("354 go on")
                    while (one := self.rfile.readline()) != b".\r\n":
                        assert one.endswith(b"\r\n"), one
                        taken.message += one.removeprefix(b".")
                    self.say("250 taken")
                else:
                    taken.envelope += [line] if verb in ("MAIL", "RCPT") else []
                    self.say("221 bye" if verb == "QUIT" else "250 ok")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        taken.address = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield taken
        server.shutdown()


def value(text: object, told: Mapping[str, str]) -> str:
    """A value of `env` as the runner fills it in."""
    secrets = {"MAIL_LOGIN": "me:pass word"}

    def filled(expression: re.Match[str]) -> str:
        inside = expression[1]
        if output := re.fullmatch(r"steps\.papers\.outputs\.([\w-]+)", inside):
            return told[output[1]]
        if only := re.fullmatch(r"toJSON\(fromJSON\(steps\.papers\.outputs\.new-papers-json\)\.\*\.(\w+)\)", inside):
            parts = [one[only[1]] for one in json.loads(told["new-papers-json"])]
            return json.dumps(parts, ensure_ascii=False, indent=2)
        return secrets.get(inside.removeprefix("secrets."), "s3cret")

    return re.sub(r"\$\{\{ (.+?) \}\}", filled, str(text))


def run(recipe: str, told: Mapping[str, str], folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The recipe's own step, in an empty folder; `given` stands in the place of what its `env` says."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"The recipes' steps are shell scripts, and {' and '.join(missing)} is not here to run them.")
    step = steps(recipe)[-1]
    assert step["shell"] == "bash"
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_SERVER_URL": "https://github.test",
        "GITHUB_REPOSITORY": "octo/papers",
        **{name: value(text, told) for name, text in step["env"].items()},
        **given,
    }
    ran = subprocess.run(
        [*SHELL, step["run"]], cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert not (folder / "stolen").exists()
    assert "s3cret" not in ran.stdout + ran.stderr
    return ran


def titles(told: Mapping[str, str]) -> list[str]:
    return [one["title"] for one in json.loads(told["new-papers-json"])]


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_the_papers_have_the_titles_that_are_up_to_no_good(told: Mapping[str, str]) -> None:
    assert sorted(titles(told)) == sorted(EVIL)


class TestAll:
    @pytest.mark.parametrize("name", RECIPES)
    def test_the_secret_stands_in_the_one_step_that_needs_it(self, name: str) -> None:
        workflow = read(RECIPES[name])
        assert workflow["permissions"] == {}
        (job,) = workflow["jobs"].values()
        assert "env" not in workflow
        assert "env" not in job
        assert job["permissions"] == {"contents": "write"}
        ours, *own = job["steps"]
        assert "secrets." not in json.dumps(ours)
        assert ours["with"]["notify"] == "none"
        if name == "Obsidian and Zotero":
            assert own == []
            return
        (step,) = own
        secret = [text for text in step["env"].values() if "secrets." in str(text)]
        assert len(secret) == RECIPES[name].count("secrets.") == 1
        assert step["if"] == "steps.papers.outputs.new-papers != '0'"
        assert ours["id"] == "papers"
        assert "uses" not in step

    def test_none_writes_what_strangers_wrote_into_a_script(self) -> None:
        told = [piece for page in (README, *DOCS.values()) for piece in code("yaml", page)]
        files = [path.read_text("utf-8") for path in (ROOT / "examples").glob("*.yml")]
        workflows = [read(piece) for piece in (*told, *files) if "run:" in piece]
        scripts = [
            step["run"]
            for workflow in workflows
            for job in workflow.get("jobs", {"": workflow}).values()
            for step in job.get("steps", ())
            if "run" in step
        ]
        assert len(scripts) > 6
        assert [script for script in scripts if "${{" in script] == []

    def test_the_schema_and_the_scripts_are_sound(self, tmp_path: Path) -> None:
        files = []
        for number, recipe in enumerate(RECIPES.values()):
            files.append(tmp_path / f"{number}.yml")
            files[-1].write_text(recipe, encoding="utf-8")
        tools = Path(sys.executable).parent
        checker = [str(tools / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows"]
        subprocess.run([*checker, *map(str, files)], check=True, capture_output=True)
        for recipe in RECIPES.values():
            if "run" in steps(recipe)[-1]:
                shellcheck = [str(tools / "shellcheck"), "--shell=bash", "--exclude=SC2016", "-"]
                text = "#!/bin/bash\n" + steps(recipe)[-1]["run"]
                checked = subprocess.run(shellcheck, input=text, capture_output=True, encoding="utf-8", check=False)
                assert (checked.returncode, checked.stdout) == (0, "")

    @pytest.mark.parametrize("name", [name for name in RECIPES if name not in ("Mail", "Obsidian and Zotero")])
    def test_the_step_fails_where_the_service_refuses(
        self, name: str, told: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        service.status, service.answer = 400, {"code": 1, "msg": "no such hook"}
        ran = run(RECIPES[name], told, tmp_path, WEBHOOK=service.address, API=service.address, ADDRESS=service.address)
        assert ran.returncode != 0
        assert len(service.sent) == 1


class TestMail:
    def test_a_mail_with_each_title_and_address(self, told: Mapping[str, str], post: Post, tmp_path: Path) -> None:
        ran = run(RECIPES["Mail"], told, tmp_path, SERVER=post.address)
        assert ran.returncode == 0, ran.stderr
        assert post.login == "\0me\0pass word"
        assert [line.split(" ")[:2] for line in post.envelope] == [
            ["MAIL", "FROM:<papers@example.org>"],
            ["RCPT", "TO:<group@example.org>"],
        ]
        mail = message_from_bytes(post.message)
        assert (mail["To"], mail["Subject"]) == ("group@example.org", f"New papers: {len(EVIL)}")
        assert mail["Date"]
        body = bytes(mail.get_payload(decode=True)).decode().replace("\r\n", "\n")
        expected = [f"{one['title']}\n{one['url']}\n" for one in json.loads(told["new-papers-json"])]
        assert body == "\n".join(expected) + "\n"

    def test_hundreds_of_papers_are_no_harm(self, many: Mapping[str, str], post: Post, tmp_path: Path) -> None:
        ran = run(RECIPES["Mail"], many, tmp_path, SERVER=post.address)
        assert ran.returncode == 0, ran.stderr
        assert post.message.count(b"https://arxiv.org/abs/") == 500


class TestChats:
    def test_slack_is_told_in_its_own_escapes(self, told: Mapping[str, str], service: Service, tmp_path: Path) -> None:
        ran = run(RECIPES["Slack"], told, tmp_path, WEBHOOK=service.address)
        assert ran.returncode == 0, ran.stderr
        head, *lines = service.message["text"].split("\n")
        assert head == f"*New papers: {len(EVIL)}*"
        assert [unescaped(line.removeprefix("• ").rpartition(" ")[0]) for line in lines] == titles(told)
        assert all(re.findall(r"<[^>]*>", line) == [line.rpartition(" ")[2]] for line in lines)

    def test_discord_makes_neither_a_mention_nor_a_link_of_a_title(
        self, told: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        ran = run(RECIPES["Discord"], told, tmp_path, WEBHOOK=service.address)
        assert ran.returncode == 0, ran.stderr
        assert service.message["allowed_mentions"] == {"parse": []}
        head, *lines = service.message["content"].split("\n")
        assert head == f"**New papers: {len(EVIL)}** in <https://github.test/octo/papers>"
        shown = [line.removeprefix("- ").rpartition(" <https://arxiv.org/abs/")[0] for line in lines]
        assert [re.sub(r"\\(.)", r"\1", text) for text in shown] == titles(told)
        assert not any(re.search(r"(?<!\\)[\[*_~`|<>#@]", text) for text in shown)

    def test_telegram_is_told_in_html(self, told: Mapping[str, str], service: Service, tmp_path: Path) -> None:
        ran = run(RECIPES["Telegram"], told, tmp_path, API=service.address)
        assert ran.returncode == 0, ran.stderr
        assert service.sent[0][0] == "/bots3cret/sendMessage"
        assert (service.message["chat_id"], service.message["parse_mode"]) == ("@our_channel", "HTML")
        _, *lines = service.message["text"].split("\n")
        found = [re.fullmatch(r'• <a href="(https://arxiv\.org/abs/[\w.]+)">([^<>]*)</a>', line) for line in lines]
        assert [unescaped(one[2]) for one in found if one] == titles(told)

    def test_feishu_is_told_in_links_and_its_own_no_is_heard(
        self, told: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        ran = run(RECIPES["Feishu"], told, tmp_path, WEBHOOK=service.address)
        assert ran.returncode == 0, ran.stderr
        shown = service.message["content"]["post"]["en_us"]
        assert shown["title"] == f"New papers: {len(EVIL)}"
        assert [one["text"] for (one,) in shown["content"]] == titles(told)
        assert {one["tag"] for (one,) in shown["content"]} == {"a"}

        service.answer = {"code": 19024, "msg": "Key Words Not Found"}
        ran = run(RECIPES["Feishu"], told, tmp_path, WEBHOOK=service.address)
        assert ran.returncode != 0
        assert "Feishu: Key Words Not Found" in ran.stderr

    @pytest.mark.parametrize(
        ("name", "most"), [("Slack", 40_000), ("Discord", 2000), ("Telegram", 4096), ("Feishu", 20_000)]
    )
    def test_a_message_stays_under_the_services_limit_and_says_how_many_there_are(
        self, name: str, most: int, many: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        ran = run(RECIPES[name], many, tmp_path, WEBHOOK=service.address, API=service.address)
        assert ran.returncode == 0, ran.stderr
        text = service.message.get("text") or service.message.get("content")
        length = len(json.dumps(service.message)) if name == "Feishu" else len(text)
        assert most / 10 < length <= most
        assert "New papers: 500" in json.dumps(service.message)


class TestModel:
    def test_it_is_sent_titles_and_abstracts_and_what_it_says_comes_to_the_summary(
        self, told: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        ran = run(RECIPES["A model that sums up"], told, tmp_path, ADDRESS=service.address)
        assert ran.returncode == 0, ran.stderr
        ((_, headers, sent),) = service.sent
        assert headers["Authorization"] == "Bearer s3cret"
        assert sent["model"] == "the-model"
        expected = [f"{one['title']}\n{one['abstract']}" for one in json.loads(told["new-papers-json"])]
        assert [message["role"] for message in sent["messages"]] == ["system", "user"]
        assert sent["messages"][1]["content"] == "\n\n".join(expected)
        assert (tmp_path / "summary.md").read_text("utf-8") == "A `summary`.\n"

    def test_an_answer_without_a_text_is_an_error(
        self, told: Mapping[str, str], service: Service, tmp_path: Path
    ) -> None:
        service.answer = {"choices": []}
        assert run(RECIPES["A model that sums up"], told, tmp_path, ADDRESS=service.address).returncode != 0


def test_the_news_as_markdown_comes_to_the_summary(told: Mapping[str, str], tmp_path: Path) -> None:
    (piece,) = code("yaml", part(PAGE, "Other ways to be told"))
    whole = "jobs:\n  papers:\n" + re.sub("^", "    ", piece, flags=re.MULTILINE)
    assert run(whole, told, tmp_path).returncode == 0
    assert (tmp_path / "summary.md").read_text("utf-8") == told["news-markdown"] + "\n"


def test_the_notes_and_the_bibliography_are_written(tmp_path: Path) -> None:
    given = steps(RECIPES["Obsidian and Zotero"])[0]["with"]
    with started(tmp_path, [paper(1, "video anomaly detection")]) as action:
        ran = run_here(action, **{name.replace("_", "-"): str(text) for name, text in given.items()})
        assert ran.code == 0, ran.log
        assert ran.outputs["files-changed"].split("\n") == [
            "README.md", "docs/feed.xml", "docs/papers.bib", "notes/Video Anomaly Detection.md",
        ]  # fmt: skip
