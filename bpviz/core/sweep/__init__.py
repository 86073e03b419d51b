"""Thousands of runs at once, side by side on the last axis."""
