"""Backpropagation by hand: sheets with short numbers, and their keys."""
