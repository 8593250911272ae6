"""Everything that talks to arXiv: a question in, a whole and sound list of papers out."""
