"""Formulas as data: expression trees on registers, and what can be done with any of them."""
