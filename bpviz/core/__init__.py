"""The numbers: networks, one recorded update, training. NumPy only."""
