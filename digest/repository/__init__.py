"""Everything that talks to GitHub: the file read, committed, and the issue opened."""
