"""Keeps a daily list of arXiv papers in a repository's README; `digest.run` tells the story of one run."""
