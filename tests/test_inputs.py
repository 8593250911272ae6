"""What users may write as inputs, and what they are told of what they may not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import COLUMNS, DEFAULTS, Config
from digest.errors import BadInputs, Fault
from digest.inputs import parse
from digest.query.tree import phrase, to_arxiv

ROOT = Path(__file__).parent.parent
RUNNER = {
    "GITHUB_REPOSITORY": "octo/papers",
    "GITHUB_REPOSITORY_ID": "42",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "INPUT_KEYWORDS": "Video Anomaly Detection",
    "INPUT_TOKEN": "secret",
}


def config(inputs: dict[str, str] | None = None, **runner: str) -> Config:
    given = {f"INPUT_{name.upper()}": value for name, value in (inputs or {}).items()}
    return parse(RUNNER | runner | given)


def faults(inputs: dict[str, str] | None = None, **runner: str) -> list[Fault]:
    with pytest.raises(BadInputs) as caught:
        config(inputs, **runner)
    return list(caught.value.faults)


def only_fault(inputs: dict[str, str] | None = None, **runner: str) -> Fault:
    (fault,) = faults(inputs, **runner)
    return fault


def declared_inputs() -> dict[str, str]:
    """Names and defaults in `action.yml`, read without a YAML library: each default stands in one line."""
    block = (ROOT / "action.yml").read_text("utf-8").split("\ninputs:\n")[1].split("\noutputs:\n")[0]
    declared = {}
    for text in re.split(r"^  (?=\S)", block, flags=re.MULTILINE)[1:]:
        default = re.search(r"^    default: (.*)$", text, re.MULTILINE)
        declared[text.partition(":")[0]] = default[1].strip('"') if default else ""
    return declared


def test_action_yml_declares_the_same_inputs_and_defaults() -> None:
    declared = declared_inputs()
    assert declared.pop("token") == "${{ github.token }}"
    assert declared == {name: default for name, default in DEFAULTS.items() if name != "token"}


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(DEFAULTS, ""), dict.fromkeys(DEFAULTS, " \n")])
def test_an_empty_value_means_the_default(empty: dict[str, str]) -> None:
    read = config(empty | {"keywords": "VLM", "token": "secret"})
    assert (read.categories, read.exclude, read.max_results, read.sort_by) == ((), (), 100, "updated")
    assert (read.deduplicate, read.readme, read.max_bytes, read.section) == (True, "README.md", 500_000, "daily-papers")
    assert read.columns == ("title", "date", "abstract", "comment")
    assert (read.template, read.heading_level, read.timezone) == ("table", 2, ZoneInfo("UTC"))
    assert (read.branch, read.commit_message) == ("main", "Update papers: {{ new }} new")
    assert (read.notify, read.notify_limit, read.dry_run) == ("issue", 15, False)
    assert (read.issue_title, read.issue_labels) == ("Daily papers {{ date }}: {{ new }} new", ("daily-papers",))
    assert (read.issue_assignees, read.issue_mentions, read.close_previous) == ((), (), False)
    assert read.arxiv_api_url == "https://export.arxiv.org/api/query"
    assert read.arxiv_oai_url == "https://oaipmh.arxiv.org/oai"
    assert (read.arxiv_interval, read.retry_minutes) == (3.0, 10.0)


def test_keywords_keep_their_order_and_the_lines_in_which_they_stand() -> None:
    text = '\n# comment\nVideo  Anomaly\r\n\n  # indented\n  VLM: ti:VLM OR abs:x\nti:a AND b\n"c: d"\n(e)\n'
    read = [(word.line, word.heading, to_arxiv(word.query)) for word in config({"keywords": text}).keywords]
    assert read == [
        (3, "Video Anomaly", to_arxiv(phrase("Video Anomaly"))),
        (6, "VLM", "(ti:VLM OR abs:x)"),
        (7, "ti:a AND b", "(ti:a AND all:b)"),
        (8, '"c: d"', 'all:"c: d"'),
        (9, "(e)", "all:e"),
    ]


def test_every_wrong_keyword_is_told_with_its_line_and_its_place() -> None:
    found = faults({"keywords": "Good\n\nA: ti:x y\nB:\nGood\nC: foo:x\n"})
    assert [(fault.input, fault.line) for fault in found] == [("keywords", line) for line in (3, 4, 5, 6)]
    assert found[0].message.splitlines()[1:] == ["ti:x y", "     ^"]
    assert "nothing behind" in found[1].message
    assert "line 1 already" in found[2].message
    assert "unknown field foo" in found[3].message


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment"])
def test_at_least_one_keyword_is_needed(text: str) -> None:
    assert "at least one" in only_fault({"keywords": text}).message


@pytest.mark.parametrize("text", ["cs.CV, cs.*, stat.ML", "cs.CV\ncs.*\nstat.ML", "cs.CV,cs.*,\n\nstat.ML,cs.CV"])
def test_categories_stand_between_commas_or_lines(text: str) -> None:
    assert config({"categories": text}).categories == ("cs.CV", "cs.*", "stat.ML")


@pytest.mark.parametrize(
    "category",
    [
        "hep-th",
        "math.AG",
        "q-fin*",
        "q-bio.QM",
        "cond-mat.mes-hall",
        "cond-mat.soft",
        "physics.ed-ph",
        "quant-ph",
        "cs.C*",
    ],
)
def test_categories_of_every_shape_are_accepted(category: str) -> None:
    assert config({"categories": category}).categories == (category,)


@pytest.mark.parametrize(
    "category",
    ["alg-geom", "cmp-lg", "solv-int", "supr-con", "astro-ph", "math-ph", "math.MP", "cs.NA", "math.NA", "stat.TH",
     "q-fin.EC", "cs.SY", "eess.SY", "cs.IT", "gr-qc", "nucl*", "physics.data-an"],
)  # fmt: skip
def test_archives_of_old_and_both_names_of_a_category_are_accepted(category: str) -> None:
    assert config({"categories": category}).categories == (category,)


@pytest.mark.parametrize(
    ("category", "hint"),
    [
        ("cs", "'cs.*'"),
        ("math", "'math.*'"),
        ("stat", "'stat.*'"),
        ("eess", "'eess.*'"),
        ("q-fin", "'q-fin.*'"),
        ("physics", "'physics.*'"),
        ("CS", "'cs'"),
        ("cs.", "'cs.*'"),
        ("cs.ML", "'cs.*'"),
        ("cs.ML", "'stat.ML'"),
        ("cs.XY", "'cs.*'"),
        ("cs.cv", "'cs.CV'"),
        ("CS.CV", "'cs.CV'"),
        ("Hep-Th", "'hep-th'"),
        ("hepth", "'hep-th'"),
        ("quant-ph.*", "'quant-ph'"),
        ("gr-qc.GR", "'gr-qc'"),
        ("math-ph*x", "'math-ph'"),
        ("hep", "'hep*'"),
        ("CV", "'cs.CV' or 'math.CV'"),
        ("cs.CV cs.LG", "with commas between, like"),
        ("cs.CV; cs.LG", "with commas between, like"),
        ("cs.CV OR cs.LG", "with commas between, like"),
        ("x.y", "like"),
        ("*", "like"),
    ],
)
def test_what_no_paper_can_be_in_is_refused_with_what_to_write(category: str, hint: str) -> None:
    assert hint in only_fault({"categories": category}).message


@pytest.mark.parametrize(
    "text",
    ['"cs.CV", "hep-th"', "'cs.CV'\n`hep-th`", "“cs.CV”，hep-th", "cs.CV、hep-th", "- cs.CV\n- hep-th",
     "* cs.CV,\n* hep-th,", "cat:cs.CV, cat:hep-th", "cs.CV\u200b, \ufeffhep-th"],
)  # fmt: skip
def test_quotes_and_marks_of_lists_say_nothing(text: str) -> None:
    assert config({"categories": text}).categories == ("cs.CV", "hep-th")


def test_marks_of_lists_say_nothing_in_the_other_lists_either() -> None:
    read = config({"exclude": "- survey、review\n• a–b", "columns": "- title\n- date", "issue-labels": "+ papers，new"})
    assert (read.exclude, read.columns, read.issue_labels) == (
        ("survey", "review", "a–b"),
        ("title", "date"),
        ("papers", "new"),
    )


@pytest.mark.parametrize("mark", ["- ", "* ", "+ ", "• ", "– ", "  -  "])
def test_a_lists_mark_before_a_keyword_says_nothing(mark: str) -> None:
    lines = ["Video", "# comment", "VLM: ti:VLM", "ti:a", '"b c"']
    read = config({"keywords": "\n".join(f"{mark}{line}" for line in lines)})
    assert [(word.line, word.heading) for word in read.keywords] == [
        (1, "Video"),
        (3, "VLM"),
        (4, "ti:a"),
        (5, '"b c"'),
    ]
    assert read.warnings == ()


def test_a_lists_mark_stands_at_a_lines_start_only() -> None:
    read = config({"keywords": "A - B\ncat:q-bio.* OR ti:x\nNo 1. Two", "exclude": "a - b, no 2. three"})
    assert [word.heading for word in read.keywords] == ["A - B", "cat:q-bio.* OR ti:x", "No 1. Two"]
    assert read.exclude == ("a - b", "no 2. three")


def test_a_comma_behind_a_keyword_says_nothing() -> None:
    read = config({"keywords": "Video,\nVLM，\nLLM: ti:LLM、"})
    assert [word.heading for word in read.keywords] == ["Video", "VLM", "LLM"]
    assert read.warnings == ()


@pytest.mark.parametrize(
    "mark", ["\u200b", "\ufeff", "\u00ad", "\u202a", "\u202c", "\u2060", "\u200e", "\u2066", "\u200d", "\u200c"]
)
def test_what_nobody_sees_is_dropped(mark: str) -> None:
    read = config(
        {
            "keywords": f"{mark}Vi{mark}deo{mark}\n{mark}VLM{mark}: ti{mark}:VLM",
            "sort-by": f"submitted{mark}",
            "columns": f"ti{mark}tle",
        }
    )
    assert [word.heading for word in read.keywords] == ["Video", "VLM"]
    assert to_arxiv(read.keywords[1].query) == "ti:VLM"
    assert (read.sort_by, read.columns) == ("submitted", ("title",))


@pytest.mark.parametrize("heading", ["می‌خواهم", "👩‍🔬 Science", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 England", "naïve"])
def test_what_is_part_of_a_letter_or_a_picture_stays(heading: str) -> None:
    assert config({"keywords": f"{heading}: ti:x"}).keywords[0].heading == heading


def test_blanks_before_a_headings_colon_make_no_other_heading() -> None:
    assert "line 1 already" in only_fault({"keywords": "Videos: ti:a\nVideos : ti:b"}).message
    assert config({"keywords": "Videos\u3000 : ti:a"}).keywords[0].heading == "Videos"


def test_what_was_probably_meant_otherwise_is_a_warning_with_its_line() -> None:
    read = config({"keywords": "Video\n\nLLM; VLM\nGAN*", "exclude": "survey OR review", "categories": "alg-geom"})
    keywords, categories, exclude = read.warnings
    assert keywords == (
        "keywords, line 3: 'LLM; VLM' is searched as one phrase; each keyword has a line of its own; "
        "if that is not meant, write: LLM; VLM: LLM OR VLM\n"
        "keywords, line 4: 'GAN*' is searched as one phrase; a wildcard counts in a query only; "
        "if that is not meant, write: GAN*: GAN*"
    )
    assert exclude == "exclude: 'survey OR review' is left out as one phrase; write: survey, review"
    assert "math.AG" in categories


def test_many_doubtful_lines_are_one_warning_that_github_shows_whole() -> None:
    (told,) = config({"keywords": "\n".join(f"{'word ' * 30}{number} OR b" for number in range(50))}).warnings
    assert told.endswith("\nand 40 more such lines")
    assert len(told) < 4096


def test_sound_inputs_are_not_warned_of() -> None:
    assert config({"exclude": "survey, remote sensing", "categories": "cs.*, hep-th"}).warnings == ()


@pytest.mark.parametrize("text", ["LLM: ti:LLM VLM: ti:VLM", "# my keywords LLM Video", "- A: ti:a - B: ti:b"])
def test_lines_that_yaml_joined_are_told_as_such(text: str) -> None:
    assert "in place of `>`" in only_fault({"keywords": text}).message


def test_a_query_of_any_length_is_a_good_input() -> None:
    query = " OR ".join(f'ti:"term {number}" OR abs:"term {number}"' for number in range(1000))
    (keyword,) = config({"keywords": f"Long: {query}"}).keywords
    assert to_arxiv(keyword.query) == f"({query})"


def test_a_wrong_item_of_several_lines_is_told_with_its_line() -> None:
    assert [fault.line for fault in faults({"categories": "cs.CV\ncs.cv, x.y\n1"})] == [2, 2, 3]
    assert only_fault({"categories": "cs.cv, cs.LG"}).line is None


def test_excluded_phrases_stand_between_commas_or_lines() -> None:
    assert config({"exclude": 'survey, deep  fake\n"a review"\n'}).exclude == ("survey", "deep  fake", "a review")


def test_an_excluded_phrase_cannot_hold_a_quote() -> None:
    fault = only_fault({"exclude": 'survey\nthe "best"'})
    assert (fault.input, fault.line) == ("exclude", 2)
    assert "double quote" in fault.message


@pytest.mark.parametrize(
    ("name", "accepted", "refused"),
    [
        ("max-results", ["1", "2000", "+5"], ["0", "2001", "-1", "1.5", "1_0", "ten", "٣", "9" * 5000]),
        ("heading-level", ["1", "6"], ["0", "7", "h2"]),
        ("max-bytes", ["0", "1"], ["-1", "1e3"]),
        ("notify-limit", ["0", "99999"], ["-1", "all"]),
        ("arxiv-interval", ["3", "3.5", "60"], ["-3", "inf", "nan", "three", "1_0", "2.9"]),
        ("retry-minutes", ["0", "0.5", ".5", "1e1"], ["-1", "inf", "NaN", "ten"]),
        ("deduplicate", ["true", "False", "TRUE"], ["yes", "1", "ture"]),
        ("dry-run", ["true", "FALSE"], ["on", "0"]),
        ("sort-by", ["updated", "submitted"], ["update", "relevance"]),
        ("notify", ["issue", "none"], ["issues", "mail"]),
        ("section", ["daily-papers", "A_1"], ["a b", "é", "a:b", "-->"]),
        ("columns", ["title", " comment ,title", ", ".join(COLUMNS)], ["title, title", "authors, autor", ","]),
        (
            "readme",
            ["README.md", "docs/a b.md"],
            ["/x.md", "../x.md", "a/../x", "a//b", "a/", ".", "a\\b", ".git/x", "a/.GIT/x", "a\nb"],
        ),
        ("template", ["table", "list", "docs/papers.md.j2"], ["/etc/passwd", "../t.j2", "a//b"]),
        ("timezone", ["UTC", "Asia/Shanghai"], ["Berlin", "utc+1", "../x", "Asia", "/UTC", "a\x00b"]),
        (
            "arxiv-api-url",
            ["http://localhost:8000/api", "https://a.b/c"],
            ["ftp://a.b", "a.b/c", "https://", "http://[", "http://a b"],
        ),
        (
            "arxiv-oai-url",
            ["none", "None", "http://localhost:8000/oai", "https://a.b/c"],
            ["ftp://a.b", "oaipmh.arxiv.org/oai", "no", "https://a b"],
        ),
        (
            "commit-message",
            ["{{ new }} new", "plain"],
            ["{{ new", "{% if %}", "{{ new | nosuchfilter }}", "{% endfor %}"],
        ),
        ("issue-title", ["{{ date }}"], ["{{ date }", "{{"]),
        ("issue-labels", ["a" * 50, "ä, b c"], ["a" * 51, f"fine, {'a' * 51}"]),
        ("close-previous", ["true", "False"], ["yes", "all"]),
        ("issue-assignees", ["@mona\noctocat"], ["@octo/papers", "mona lisa"]),
        (
            "issue-mentions",
            ["mona", "@mona, ＠octo-cat\n- m1", "a" * 39, "mona-lisa_octo", "0"],
            ["mona lisa", "a" * 40, "-mona", "mona-", "mona--lisa", "møna", "mona.lisa", "@", "@octo/papers", "a_b_c"],
        ),
    ],
)
def test_a_value_is_accepted_or_refused_under_its_inputs_name(
    name: str, accepted: list[str], refused: list[str]
) -> None:
    for text in accepted:
        config({name: text})
    for text in refused:
        assert {fault.input for fault in faults({name: text})} == {name}, text


@pytest.mark.parametrize(
    ("inputs", "hint"),
    [
        ({"sort-by": "update"}, "did you mean 'updated'?"),
        ({"columns": "abstracts"}, "did you mean 'abstract'?"),
        ({"notify": "mail"}, "it is one of issue, comment, none"),
        ({"timezone": "Asia/Shangai"}, "did you mean 'Asia/Shanghai'?"),
        ({"deduplicate": "ture"}, "did you mean 'true'?"),
        ({"commit-message": "{{ new | uper }}"}, "uper"),
    ],
)
def test_a_near_miss_is_told_the_right_name(inputs: dict[str, str], hint: str) -> None:
    assert hint in only_fault(inputs).message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Asia/Beijing", "did you mean 'Asia/Shanghai'?"),
        ("Beijing", "did you mean 'Asia/Shanghai'?"),
        ("UTC+8", "did you mean 'Etc/GMT-8'? (the sign counts the other way there)"),
        ("GMT+8", "did you mean 'Etc/GMT-8'?"),
        ("utc-05:00", "did you mean 'Etc/GMT+5'?"),
        ("+09:00", "did you mean 'Etc/GMT-9'?"),
        ("UTC+0", "did you mean 'UTC'?"),
        ("America/Eastern", "did you mean 'America/New_York' or 'America/Toronto'?"),
        ("Mountain", "did you mean 'America/Denver' or 'America/Edmonton'?"),
        ("Berlin", "did you mean 'Europe/Berlin'?"),
        ("europe/paris", "did you mean 'Europe/Paris'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("Europe/Tokyo", "did you mean 'Asia/Tokyo'?"),
        ("Asia/Tokio", "did you mean 'Asia/Tokyo'?"),
        ("India", "did you mean 'Asia/Kolkata'?"),
        ("Asia/Vietnam", "did you mean 'Asia/Ho_Chi_Minh'?"),
        ("Xinjiang", "did you mean 'Asia/Urumqi'?"),
        ("China", "did you mean 'Asia/Shanghai' or 'Asia/Urumqi'?"),
    ],
)
def test_a_zone_is_named_by_the_databases_own_tables(text: str, hint: str) -> None:
    assert hint in only_fault({"timezone": text}).message


@pytest.mark.parametrize(
    "text",
    ["CST", "PST", "IST", "BST", "Asia/Mumbai", "America/Boston", "Europe/Munich", "Australia/Eastern", "UTC+5:30",
     "UTC+15", "United States", "Mars/Base", "Time", "x" * 10_000],
)  # fmt: skip
def test_a_zone_is_not_guessed(text: str) -> None:
    message = only_fault({"timezone": text}).message
    assert message == f"unknown time zone {text!r}; write it like UTC, Europe/Berlin or Asia/Shanghai"


def test_a_column_named_twice_is_told_once() -> None:
    assert "'title' is named twice" in only_fault({"columns": "title, date, title, title"}).message


def test_paths_lose_their_leading_dot() -> None:
    read = config({"readme": "./docs/./papers.md", "template": "./t.j2"})
    assert (read.readme, read.template) == ("docs/papers.md", "t.j2")


def test_labels_stand_between_commas_or_lines() -> None:
    assert config({"issue-labels": "papers, good first read\narxiv"}).issue_labels == (
        "papers",
        "good first read",
        "arxiv",
    )


def test_logins_are_read_without_their_sign() -> None:
    assert config({"issue-mentions": "@mona, octo-cat\n@hubot_octo, mona"}).issue_mentions == (
        "mona",
        "octo-cat",
        "hubot_octo",
    )


def test_more_mentions_than_leave_room_for_papers_are_told() -> None:
    assert len(config({"issue-mentions": ", ".join(f"u{n}" for n in range(100))}).issue_mentions) == 100
    fault = only_fault({"issue-mentions": ", ".join(f"u{n}" for n in range(101))})
    assert fault.message == "101 logins leave too little room for papers; name 100 at most"


def test_what_is_no_login_is_told_with_its_line() -> None:
    first, second = faults({"issue-mentions": "mona\nmona lisa\n@octo/papers"})
    assert (first.line, second.line) == (2, 3)
    assert "is no login of GitHub's" in first.message
    assert "is a team" in second.message


@pytest.mark.parametrize("host", ["arxiv.org", "export.arxiv.org", "EXPORT.ARXIV.ORG", "arxiv.org."])
def test_arxiv_itself_is_never_asked_faster_than_its_terms_allow(host: str) -> None:
    fault = only_fault({"arxiv-api-url": f"https://{host}/api/query", "arxiv-interval": "2.99"})
    assert fault.input == "arxiv-interval"


@pytest.mark.parametrize("host", ["localhost:8080", "arxiv.example.org", "notarxiv.org", "arxiv.org.example"])
def test_another_host_may_be_asked_as_fast_as_wanted(host: str) -> None:
    assert config({"arxiv-api-url": f"http://{host}/api/query", "arxiv-interval": "0"}).arxiv_interval == 0


@pytest.mark.parametrize("address", ["https://export.arxiv.org/oai2", "http://OAIPMH.arxiv.org./oai"])
def test_nor_is_its_harvest(address: str) -> None:
    fault = only_fault({"arxiv-api-url": "http://localhost/api", "arxiv-oai-url": address, "arxiv-interval": "2.9"})
    assert fault.input == "arxiv-interval"
    assert "arxiv-oai-url elsewhere" in fault.message


@pytest.mark.parametrize(
    ("oai_url", "interval", "asked"),
    [
        ("", "0", None),
        ("https://oaipmh.arxiv.org/oai", "2.9", None),
        ("none", "0", None),
        ("http://localhost/oai", "0", "http://localhost/oai"),
        ("", "3", "https://oaipmh.arxiv.org/oai"),
        ("none", "3", None),
    ],
)
def test_with_a_short_interval_only_a_harvest_elsewhere_is_asked(
    oai_url: str, interval: str, asked: str | None
) -> None:
    inputs = {"arxiv-api-url": "http://localhost/api", "arxiv-oai-url": oai_url, "arxiv-interval": interval}
    assert config(inputs).arxiv_oai_url == asked


def test_a_token_is_needed_unless_nothing_is_written() -> None:
    assert only_fault({"token": ""}).input == "token"
    assert config({"token": "", "dry-run": "true"}).token == ""


@pytest.mark.parametrize(
    ("inputs", "wrong"),
    [
        ({"arxiv-api-url": "localhost:8080", "arxiv-interval": "0"}, "arxiv-api-url"),
        ({"dry-run": "ture", "token": ""}, "dry-run"),
        ({"pull-request": "true", "pull-request-branch": "a b", "branch": "daily-papers"}, "pull-request-branch"),
    ],
)
def test_what_is_wrong_only_beside_a_wrong_input_is_not_told(inputs: dict[str, str], wrong: str) -> None:
    assert only_fault(inputs).input == wrong


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(config())


@pytest.mark.parametrize(
    ("runner", "branch"),
    [
        ({"GITHUB_REF": "refs/heads/feature/x"}, "feature/x"),
        ({"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "fix", "INPUT_BRANCH": "main"}, "main"),
        ({"GITHUB_REF": "", "GITHUB_REF_NAME": "dev", "GITHUB_REF_TYPE": "branch"}, "dev"),
        ({"GITHUB_REF": "refs/tags/v1", "INPUT_BRANCH": "main"}, "main"),
        ({"INPUT_BRANCH": "refs/heads/other"}, "other"),
    ],
)
def test_the_branch_is_the_input_or_the_runs_own(runner: dict[str, str], branch: str) -> None:
    assert config({}, **runner).branch == branch


@pytest.mark.parametrize("ref", ["refs/tags/v1", "refs/pull/7/merge", "refs/pull/7/head", "refs/merge-queue/main/pr-7"])
def test_a_run_without_a_branch_must_be_given_one(ref: str) -> None:
    fault = only_fault(GITHUB_REF=ref, GITHUB_HEAD_REF="fix", GITHUB_REF_NAME="fix", GITHUB_REF_TYPE="branch")
    assert fault.input == "branch"
    assert "set `branch`" in fault.message


NAMES = [
    *("papers", "bots/daily/papers", "release/1.x", "ünï", "a{b", "a@b", "a./b", "#12", "-x", "a b", "a\tb", "a..b"),
    *(".a", "a/.b", "a.lock", "a.lock/b", "a.", "/a", "a/", "a//b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b"),
    *("HEAD", "@{-1}", "a@{b"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_branch_has_a_name_that_git_takes(name: str, tmp_path: Path) -> None:
    # In a repository `@{-1}` may be the branch before this one.
    asked = subprocess.run(
        ["git", "check-ref-format", "--branch", name], cwd=tmp_path, capture_output=True, check=False
    )
    for inputs in ({"pull-request-branch": name}, {"branch": name}):
        if asked.returncode == 0:
            assert name in (config(inputs).branch, config(inputs).pull_request_branch)
        else:
            fault = only_fault(inputs)
            assert fault.input in inputs
            assert repr(name) in fault.message


def test_a_branch_of_somebody_elses_repository_is_none() -> None:
    fault = only_fault({"pull-request": "true", "pull-request-branch": "octocat:papers"})
    assert str(fault) == (
        "pull-request-branch: 'octocat:papers' is no branch of this repository: name one without its owner"
    )


def test_the_prefix_of_a_ref_is_left_out() -> None:
    assert config({"pull-request-branch": "refs/heads/a/b"}).pull_request_branch == "a/b"


@pytest.mark.parametrize("more", [{"branch": "papers"}, {"branch": "refs/heads/papers"}])
def test_a_pull_request_goes_from_one_branch_to_another(more: dict[str, str]) -> None:
    fault = only_fault({"pull-request": "true", "pull-request-branch": "papers", **more})
    assert str(fault) == ("pull-request-branch: 'papers' is `branch` itself; a pull request needs another one")
    assert config({"pull-request-branch": "papers", **more}).places.target == "papers"


def test_the_runs_own_branch_is_another_one_too() -> None:
    assert only_fault({"pull-request": "true"}, GITHUB_REF="refs/heads/daily-papers").input == "pull-request-branch"


@pytest.mark.parametrize(("base", "branch"), [("papers", "papers/daily"), ("papers/daily", "papers")])
def test_git_keeps_no_branch_in_the_place_of_anothers_folder(base: str, branch: str) -> None:
    fault = only_fault({"pull-request": "true", "pull-request-branch": branch, "branch": base})
    assert fault.message.startswith(f"git keeps no branch {branch!r} beside {base!r}")


def test_the_runner_tells_where_it_runs_and_where_to_write() -> None:
    runner = config(
        GITHUB_API_URL="https://ghe.example/api/v3/",
        GITHUB_SERVER_URL="https://ghe.example",
        GITHUB_OUTPUT="/github/out",
        GITHUB_STEP_SUMMARY="/github/summary",
    ).runner
    assert (runner.repository, runner.repository_id) == ("octo/papers", "42")
    assert (runner.api_url, runner.server_url) == ("https://ghe.example/api/v3", "https://ghe.example")
    assert (runner.output, runner.summary) == (Path("/github/out"), Path("/github/summary"))


def test_github_com_is_assumed_where_the_runner_says_nothing() -> None:
    runner = config().runner
    assert (runner.api_url, runner.server_url) == ("https://api.github.com", "https://github.com")
    assert (runner.output, runner.summary) == (None, None)


@pytest.mark.parametrize("name", ["", "papers", "a/b/c"])
def test_a_run_outside_a_workflow_is_refused(name: str) -> None:
    assert only_fault(GITHUB_REPOSITORY=name).input == "GITHUB_REPOSITORY"


def test_every_fault_is_told_at_once() -> None:
    wrong = {
        "keywords": 'A: "x\nB: (y',
        "max-results": "0",
        "sort-by": "date",
        "timezone": "Mars/Base",
        "columns": "title, foo, bar",
        "issue-title": "{{",
        "token": "",
    }
    found = faults(wrong, GITHUB_REF="refs/tags/v1")
    assert {fault.input for fault in found} == {*wrong, "branch"}
    assert len(found) == 10


@given(st.dictionaries(st.sampled_from(sorted(DEFAULTS)), st.text(max_size=30), max_size=4))
def test_any_inputs_are_a_config_or_faults(inputs: dict[str, str]) -> None:
    try:
        read = config(inputs)
    except BadInputs as error:
        read = None
        names = {fault.input for fault in error.faults}
        if not names or not names <= DEFAULTS.keys():
            raise
    assert read is None or read.keywords


def test_reading_the_inputs_imports_no_library() -> None:
    code = "import sys, digest.config; print(*{'jinja2', 'arxiv', 'requests', 'github', 'lxml'} & sys.modules.keys())"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
