"""What is asked of arXiv: a user's line, read into a tree, and the text that is sent for it."""
