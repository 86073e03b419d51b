"""Interactive panels for Jupyter."""
