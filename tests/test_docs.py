"""The pages under docs/ tell the truth: their queries, templates, workflows, and the way from other scripts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2.filters import FILTERS
from ruamel.yaml import YAML

from digest.columns.code_links import CodeLink
from digest.errors import BadInputs
from digest.export import json_file
from digest.inputs import parse as parse_inputs
from digest.page.cells import rows
from digest.page.environment import compiled
from digest.page.fill import fill
from digest.page.own_template import OwnTemplate
from digest.page.template_view import TemplatePaper
from digest.papers import Paper, identifier
from digest.query.parser import parse
from digest.text.markdown import heading
from tests.collections import collection, record
from tests.factories import listed, paper, started
from tests.in_process import run_here
from tests.pages import DOCS, README, ROOT, code, declared, inputs, part, table

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS, TEMPLATES = DOCS["keywords"], DOCS["templates"]


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


# Of these two the examples of templates are made.
TWO = [
    Paper(
        identifier("2603.01234"), 2, "Seeing | Believing in $10^3$ Scenes",
        "We look for anomalies in long videos and find most of them. Code is at hand.",
        ("Ana Silva", "Bo Chen", "Cy Ode"), day(16), day(18), ("cs.CV", "cs.AI"), "Accepted at CVPR",
    ),
    Paper(
        identifier("2603.01100"), 1, "One-Class Learning: A Survey", "A survey of what one class can teach.",
        ("Di Roy",), day(17), day(17), ("cs.LG",),
    ),
]  # fmt: skip


class TestKeywords:
    def test_the_lines_are_good_inputs_with_the_headings_that_they_say(self) -> None:
        keywords = parse_inputs(inputs(code("text", KEYWORDS)[0])).keywords
        assert [keyword.heading for keyword in keywords] == [
            "Video Anomaly Detection",
            "Language models for code",
            'au:"Fei-Fei Li"',
        ]
        assert code("text", part(README, "Keywords in short"))[0] == code("text", KEYWORDS)[0]

    def test_each_example_finds_what_it_asks_for(self, tmp_path: Path) -> None:
        asked = [query for row in table(KEYWORDS, "to ask for") for query in re.findall(r"`([^`]+)`", row[1])]
        found = [
            paper(1, title="Transformer, VLM and LLM", abstract="A vision language model.", categories=("cs.CL",)),
            paper(2, title="Segmentation", abstract="video, diffusion, object detection", comment="CVPR"),
            paper(3, title="Language model", abstract="watermarking", authors=("Fei-Fei Li",)),
        ]
        with started(tmp_path, found, keywords="\n".join(asked), deduplicate="false") as action:
            run = run_here(action)
            assert run.code == 0, run.log
            assert "No papers yet." not in action.page(), run.log
            for query in asked:
                assert listed(action.page(), f"## {heading(query)}"), query

    def test_queries_group_as_told(self) -> None:
        told = re.search(r"`(\S+ OR \S+ AND \S+)`\s+means `(.*?)`", KEYWORDS)
        assert told
        assert parse(told[1]) == parse(told[2])
        assert parse("ti:(a OR b)") == parse("ti:a OR ti:b")
        assert parse("submittedDate:[2025 TO 202606]") == parse("submittedDate:[202501010000 TO 202606302359]")
        assert parse("au:Fei-Fei_Li") == parse('au:"Fei-Fei Li"')

    def test_a_mistake_is_shown_as_told(self) -> None:
        told = code("text", KEYWORDS)[1].rstrip("\n")
        with pytest.raises(BadInputs) as caught:
            parse_inputs(inputs(f"A\nB\n{told.splitlines()[1]}"))
        assert str(caught.value) == told

    def test_what_was_meant_otherwise_is_warned_of_and_the_cure_is_not(self) -> None:
        rows = table(KEYWORDS, "you wrote")
        assert len(rows) > 6
        for wrote, instead in rows:
            for line in re.findall(r"`([^`]+)`", wrote):
                assert parse_inputs(inputs(line)).warnings, line
            for line in re.findall(r"`([^`]+)`", instead):
                assert parse_inputs(inputs(line)).warnings == (), line

    def test_what_narrows_all_of_them_is_a_good_input(self) -> None:
        narrowing = (row[0].strip("`").partition(": ") for row in table(KEYWORDS, "input"))
        config = parse_inputs(inputs("A", **{name: value for name, _, value in narrowing}))
        assert (config.categories, config.exclude) == (("cs.CV", "cs.*", "stat.ML"), ("survey", "remote sensing"))


class TestTemplates:
    @pytest.mark.parametrize(
        ("template", "shown"), list(zip(code("jinja", TEMPLATES), code("markdown", TEMPLATES), strict=True))
    )
    def test_each_example_makes_what_is_shown(self, template: str, shown: str) -> None:
        columns = ("title", "date")
        assert OwnTemplate("t", template)(rows(TWO, "updated"), columns, "Video") == shown.rstrip("\n")

    def test_every_value_is_told(self) -> None:
        told = table(TEMPLATES, "variable")
        names = {name for row in told for name in re.findall(r"`paper\.(\w+)`", row[0])}
        assert names == {name for name in vars(TemplatePaper) if not name.startswith("_")}
        assert [row[0].strip("`") for row in told[:3]] == ["heading", "columns", "papers"]

    def test_every_filter_does_as_told(self) -> None:
        filters = {row[0].strip("`"): row[1].strip("`") for row in table(TEMPLATES, "filter")}
        made = {
            name: OwnTemplate("t", f"{{{{ columns | map('{name}') | join }}}}")(rows(TWO, "updated"), ("title",), "")
            for name in filters
        }
        assert made == filters
        known = compiled("").environment.filters
        assert known.keys() - FILTERS.keys() == filters.keys()
        plain = OwnTemplate("t", "{{ papers[0].title }}")(rows(TWO, "updated"), (), "")
        for name in ("safe", "e", "forceescape", "urlize", "striptags"):
            assert OwnTemplate("t", f"{{{{ papers[0].title | {name} }}}}")(rows(TWO, "updated"), (), "") == plain

    def test_the_one_line_texts_are_filled(self) -> None:
        given = read(code("yaml", part(TEMPLATES, "One-line texts"))[0])["with"]
        made = {name: fill(given[name], name, new=1, papers=9, date="2026-03-18") for name in table_names(TEMPLATES)}
        assert made == {"commit-message": "papers: 1 new of 9 [skip ci]", "issue-title": "1 new paper on 2026-03-18"}


def table_names(page: str) -> list[str]:
    return [row[0].strip("`") for row in table(page, "text")]


def read(yaml: str) -> Any:
    return YAML(typ="safe").load(yaml)


def pieces() -> Iterator[tuple[str, str]]:
    """Every piece of a workflow in the README and under docs/ that has a step of the action or its inputs."""
    for name, page in {"README": README, **DOCS}.items():
        for number, piece in enumerate(code("yaml", page)):
            if re.search(r"^ *(with:|jobs:|steps:)", piece, re.MULTILINE):
                yield f"{name} {number}", piece


def whole(piece: str) -> str:
    """A workflow around a piece of one."""
    start = "on: workflow_dispatch\n"
    if piece.startswith("with:"):
        piece = "steps:\n  - uses: OWNER/daily-papers@v1\n" + re.sub("^", "    ", piece, flags=re.MULTILINE)
    if piece.startswith("steps:"):
        piece = "jobs:\n  papers:\n    runs-on: ubuntu-latest\n" + re.sub("^", "    ", piece, flags=re.MULTILINE)
    return piece if "\non:" in piece else start + piece


class TestWorkflows:
    def test_all_are_sound(self, tmp_path: Path) -> None:
        files = []
        for name, piece in pieces():
            # A job that is told in part lacks what stands above.
            if "# as above" not in piece:
                files.append(tmp_path / f"{name}.yml")
                files[-1].write_text(whole(piece), encoding="utf-8")
        actionlint = Path(sys.executable).with_name("actionlint")
        checked = subprocess.run([actionlint, *files], capture_output=True, encoding="utf-8", check=False)
        assert len(files) > 8
        assert (checked.returncode, checked.stdout) == (0, "")

    @pytest.mark.parametrize(("name", "piece"), list(pieces()))
    def test_each_has_good_inputs(self, name: str, piece: str) -> None:
        for job in read(whole(piece))["jobs"].values():
            for step in job.get("steps", ()):
                given = step.get("with", {})
                if "/daily-papers@" in step.get("uses", "") and given:
                    assert given.keys() <= declared("inputs").keys(), name
                    texts = {key: str(value) for key, value in given.items()}
                    assert parse_inputs(inputs(texts.pop("keywords"), **texts)).keywords


class TestPages:
    def test_the_site_of_ones_own_uses_what_the_json_has(self) -> None:
        (page,) = code("liquid", DOCS["pages"])
        link = CodeLink("Code", "https://github.com/octo/nerf")
        whole = json.loads(json_file.write(collection([record("2603.00001", code=(link,))])))
        (paper,) = whole["papers"].values()
        known = {"list": whole, "keyword": whole["keywords"][0], "paper": paper, "link": paper["code"][0]}
        used = re.findall(r"\b(list|keyword|paper|link)\.(\w+)", page)
        assert len(used) > 8
        assert [(name, field) for name, field in used if field not in known[name]] == []

    def test_what_strangers_wrote_is_escaped_there(self) -> None:
        (page,) = code("liquid", DOCS["pages"])
        texts = [
            text for text in re.findall(r"\{\{ (.*?) \}\}", page) if re.search("title|authors|venue|heading", text)
        ]
        assert [text for text in texts if "escape" not in text] == ["page.title"]


class TestMoving:
    def test_a_list_of_dailyarxiv_is_kept_and_only_what_is_newer_is_announced(self, tmp_path: Path) -> None:
        row = "| **[Paper {0}](https://arxiv.org/abs/2603.{0:05}v1)** | 2026-03-01 | … | |\n"
        above = "# Daily Papers\nMine.\n\n<!-- daily-papers:start -->\n"
        kept = "Last update: 2026-03-02\n\n## Alpha\n| **Title** |\n| --- |\n" + row.format(2) + row.format(1)
        marked = f"{above}{kept}\n\n<!-- daily-papers:end -->\n"
        found = [paper(number) for number in (1, 2, 3)]
        with started(tmp_path, found, {"README.md": marked.encode()}) as action:
            first, second = run_here(action), run_here(action)
            assert (first.code, first.outputs["new-papers"]) == (0, "1"), first.log
            assert "[Paper 3]" in str(action.github.issues[0].body)
            assert "[Paper 2]" not in str(action.github.issues[0].body)
            assert len(first.annotations("warning")) == 1
            assert action.page().startswith(above)
            assert listed(action.page()) == ["2603.00003v1", "2603.00002v1", "2603.00001v1"]
            assert (second.outputs["changed"], second.annotations("warning")) == ("false", [])

    def test_a_list_of_cv_arxiv_daily_is_kept_and_only_what_is_newer_is_announced(self, tmp_path: Path) -> None:
        row = "|**2026-03-01**|**Paper {0}**|Grace Kim et.al.|[2603.{0:05}](http://arxiv.org/abs/2603.{0:05})|null|\n"
        head = "## Updated on 2026.03.02\n\n## SLAM\n\n|Publish Date|Title|Authors|PDF|Code|\n|---|---|---|---|---|\n"
        kept = head + row.format(3) + row.format(1)
        marked = f"# Mine\n<!-- daily-papers:start -->\n{kept}\n<!-- daily-papers:end -->\n"
        found = [paper(number, "SLAM") for number in (1, 2, 3, 4)]
        with started(tmp_path, found, {"README.md": marked.encode()}, keywords="SLAM") as action:
            first, second = run_here(action), run_here(action)
            assert (first.code, first.outputs["new-papers"]) == (0, "1"), first.log
            assert "[Paper 4]" in str(action.github.issues[0].body)
            assert "[Paper 2]" not in str(action.github.issues[0].body)
            assert len(first.annotations("warning")) == 1
            assert listed(action.page()) == ["2603.00004v1", "2603.00003v1", "2603.00002v1", "2603.00001v1"]
            assert (second.outputs["changed"], second.annotations("warning")) == ("false", [])

    def test_its_archive_is_taken_over_and_goes_on(self, tmp_path: Path) -> None:
        (snippet,) = code("python", DOCS["moving"])
        row = "|**2026-03-01**|**Paper {0}**|Grace Kim et.al.|[{1}](http://arxiv.org/abs/{1})|{2}|\n"
        old = {
            "SLAM": {one: row.format(one, one, "null") for one in ("2603.00003", "2603.00001", "2510.00007")},
            "NeRF": {"2603.00003": row.format("2603.00003", "2603.00003", "**[link](https://github.com/a/b)**")},
        }
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs/cv-arxiv-daily.json").write_text(json.dumps(old), "utf-8")
        subprocess.run([sys.executable, "-c", snippet], cwd=tmp_path, check=True)
        made = {f"archive/{file.name}": file.read_bytes() for file in (tmp_path / "archive").iterdir()}
        assert sorted(made) == ["archive/2025-10.md", "archive/2026-03.md"]

        found = [paper(number, "SLAM") for number in (1, 2, 3, 4)]
        pattern = "archive/{{ year }}-{{ month }}.md"
        with started(tmp_path / "run", found, made, keywords="SLAM", files=pattern, columns="title, date") as action:
            run = run_here(action)
            assert run.code == 0, run.log
            before = made["archive/2026-03.md"].decode().splitlines()
            after = (action.github.read("archive/2026-03.md") or b"").decode().splitlines()
            assert [line for line in after if line in before] == before
            assert [re.findall(r"abs/([\d.]+)", line)[0][:10] for line in after if "abs/" in line] == [
                "2603.00004", "2603.00003", "2603.00002", "2603.00001",
            ]  # fmt: skip
            assert action.github.read("archive/2025-10.md") == made["archive/2025-10.md"]


def test_the_files_that_contributors_are_led_through_are_there() -> None:
    led = code("text", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))[0]
    named = set(re.findall(r"[a-z_]+(?:\.py|/)", led)) - {"digest/"}
    there = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "digest").iterdir()}
    silent = {"__init__.py", "__pycache__/", "aside.py", "deadline.py"}
    assert named - {"entrypoint.py"} == there - silent
