"""A stand-in for GitHub: its API over a real git repository, and its faults."""
