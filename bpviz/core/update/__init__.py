"""One update: its rule, its operations in order, and the row that they fill."""
