"""A stand-in for arXiv: its search, its query language, its feed and its faults."""
