"""The part of a file that is ours: where it stands, what it shows and remembers."""
