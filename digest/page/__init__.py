"""Papers -> the text of a page, by a template."""
