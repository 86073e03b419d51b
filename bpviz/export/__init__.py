"""What leaves the notebook: files that others open."""
