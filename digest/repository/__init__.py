"""Everything that talks to GitHub: branches, pull requests, and issues."""
