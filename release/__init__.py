"""What a release needs, step by step; docs/releasing.md tells the whole. Nothing in here is part of the image."""
