"""What a paper's own text says for a column: where its code is, where it was accepted. Nobody is asked."""
