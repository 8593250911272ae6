"""A Markdown file as a page for the browser, near to what GitHub shows: its own parser, and a few of its styles."""

from __future__ import annotations

from html import escape

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

# GitHub lets <details> through; nothing on the page may run or be loaded, whatever its text says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:"
_STYLE = """
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff; --line: #d1d9e0; --soft: #f6f8fa;
  --quiet: #59636e; --link: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --page: #0d1117; --line: #3d444d; --soft: #151b23; --quiet: #9198a1; --link: #4493f8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word;
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
main { max-width: 1012px; margin: 24px auto; padding: 32px; border: 1px solid var(--line); border-radius: 6px; }
main > :first-child { margin-top: 0; }
h1, h2 { margin: 24px 0 16px; padding-bottom: .3em; border-bottom: 1px solid var(--line); line-height: 1.25; }
h1 { font-size: 2em; }
h2 { font-size: 1.5em; }
a { color: var(--link); text-underline-offset: .2rem; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; margin: 0 0 16px;
  border-spacing: 0; border-collapse: collapse; }
th, td { padding: 6px 13px; border: 1px solid var(--line); text-align: left; }
tr:nth-child(2n) td { background: var(--soft); }
summary { cursor: pointer; }
code, pre { background: var(--soft); border-radius: 6px; font: 85% ui-monospace, Menlo, Consolas, monospace; }
code { padding: .2em .4em; }
pre { padding: 16px; overflow: auto; }
pre code { padding: 0; font-size: 100%; }
img { max-width: 100%; }
@media (max-width: 700px) {
  main { margin: 0; padding: 16px; border: 0; }
  details[open] { min-width: 65vw; }
}
"""


def document(title: str, markdown: str) -> str:
    """The whole page."""
    body = github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""
