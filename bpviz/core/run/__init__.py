"""A training run: update after update, recorded, kept and read again."""
