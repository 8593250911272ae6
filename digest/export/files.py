"""The files that show what is listed: the lists of an edition -> the bytes of each path of the input `files`. Pure.

A file whose papers are not all known, since a search failed and no `.json` is kept from which they could be read, stays
as it is. Archives, which only grow, are `digest.export.archive`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from digest.config import TEMPLATES
from digest.errors import ForeignFile
from digest.export import atom, bibtex, csv_file, html_page, json_file, markdown_file
from digest.export.collection import Collection, KeywordList, Record
from digest.export.file_names import archives, filled, index_path, period_of, places
from digest.export.mark import form_of, is_ours, written_anew
from digest.export.records import record_of
from digest.git import name_of_content
from digest.query.tree import to_arxiv

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from digest.config import Config
    from digest.git import Entry
    from digest.listing import Listing
    from digest.papers import Identifier, Paper


def paths(config: Config) -> tuple[str, ...]:
    """Every path that a run may write beside the page, but those of archives."""
    return tuple(path for pattern in _patterns(config) for _, path in _paths(pattern, config))


def paths_of_papers(config: Config) -> list[str]:
    """The files from which papers can be read again."""
    return [path for path in paths(config) if form_of(path) == ".json"]


def may_write(config: Config, path: str) -> bool:
    """Whether a run may write the path beside the page, archives and their indexes included."""
    grow = archives(config.files)
    headings = ["", *(keyword.heading for keyword in config.keywords)]
    return (
        path in paths(config)
        or any(period_of(pattern, path, heading) for pattern in grow for heading in headings)
        or path in map(index_path, grow)
    )


def _patterns(config: Config) -> list[str]:
    grow = archives(config.files)
    return [pattern for pattern in config.files if pattern not in grow]


def _paths(pattern: str, config: Config) -> Iterator[tuple[str, str]]:
    """The paths of a pattern, each with the heading of the keyword that it is for, "" where it is for all."""
    if "heading" not in places(pattern):
        yield "", pattern
        return
    for keyword in config.keywords:
        yield keyword.heading, filled(pattern, heading=keyword.heading)


def refuse_foreign(paths: Iterable[str], former: Mapping[str, bytes | None]) -> None:
    """ForeignFile where one of the files to write stands there and is not the action's own."""
    for path in paths:
        content = former.get(path)
        if content is not None and not is_ours(path, content):
            raise ForeignFile(
                f"files: {path} is there already, and this action did not write it. Choose another path, or delete the "
                "file; nothing was written."
            )


def files(config: Config, whole: Collection, failed: Container[str]) -> dict[str, bytes]:
    """Each file as it would be, but those of which not all papers are known.

    `whole` is all that is listed, `failed` the headings without a list.
    """
    made = {}
    for pattern in _patterns(config):
        for heading, path in _paths(pattern, config):
            shown = _only(whole, heading)
            if heading not in failed and _is_complete(shown):
                made[path] = _FORMS[form_of(path)](shown, config, path)
    return made


def unlike(made: Mapping[str, bytes], entries: Mapping[str, Entry]) -> list[str]:
    """The paths at which something else stands, or nothing, by git's names for contents."""
    return [
        path for path, content in made.items() if path not in entries or entries[path].sha != name_of_content(content)
    ]


def written(made: Mapping[str, bytes], former: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """Those of the files that say something new; ForeignFile where one is somebody else's.

    `former` is what stands at each path.
    """
    refuse_foreign(made, former)
    return {path: new for path, new in made.items() if written_anew(path, former.get(path), new)}


def collection(
    updated: str,
    lists: Sequence[tuple[Listing, Sequence[Identifier]]],
    found_by: Mapping[Identifier, tuple[str, ...]],
    former: Mapping[str, bytes | None],
) -> Collection:
    """All that is listed; papers of which only the rows are left as a `.json` last had them, or not at all.

    `lists` are the listings with the papers that each shows, in order; `former` what stands at each path.
    """
    records = _records(former)
    for listing, _ in lists:
        records.update({str(paper.id): record_of(paper, found_by.get(paper.id, ())) for paper in listing.papers})
    keywords = tuple(
        KeywordList(listing.keyword.heading, to_arxiv(listing.question.search.query), tuple(map(str, papers)))
        for listing, papers in lists
    )
    return _with(updated, keywords, records)


def papers_in(files: Mapping[str, bytes | None]) -> dict[Identifier, Paper]:
    """The papers of the files from which they can be read again."""
    papers = (record.paper for record in _records(files).values())
    return {paper.id: paper for paper in papers}


def _records(files: Mapping[str, bytes | None]) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for path, content in files.items():
        kept = json_file.read(content) if content is not None and form_of(path) == ".json" else None
        records.update(kept.papers if kept else {})
    return records


def _with(updated: str, keywords: Iterable[KeywordList], records: Mapping[str, Record]) -> Collection:
    keywords = tuple(keywords)
    listed = dict.fromkeys(paper for keyword in keywords for paper in keyword.papers)
    return Collection(updated, keywords, {paper: records[paper] for paper in listed if paper in records})


def _only(collection: Collection, heading: str) -> Collection:
    """The part of one keyword; all of it where there is no heading."""
    if not heading:
        return collection
    keywords = (keyword for keyword in collection.keywords if keyword.heading == heading)
    return _with(collection.updated, keywords, collection.papers)


def _is_complete(collection: Collection) -> bool:
    return all(paper in collection.papers for keyword in collection.keywords for paper in keyword.papers)


def _markdown(collection: Collection, config: Config, _: str) -> bytes:
    template = config.template if config.template in TEMPLATES else "table"
    return markdown_file.write(
        collection,
        config.columns,
        config.sort_by,
        template=template,
        heading_level=config.heading_level,
        links=config.links,
    )


def _atom(collection: Collection, config: Config, path: str) -> bytes:
    runner = config.runner
    where = f"{quote(config.places.linked)}/{quote(path)}"
    return atom.write(collection, f"{runner.server_url}/{runner.repository}/raw/{where}")


_FORMS = {
    ".json": lambda collection, *_: json_file.write(collection),
    ".csv": lambda collection, *_: csv_file.write(collection),
    ".bib": lambda collection, *_: bibtex.write(collection),
    ".html": lambda collection, *_: html_page.write(collection),
    ".xml": _atom,
    ".md": _markdown,
}
