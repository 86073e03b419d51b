"""What a trace means, in words, symbols and code."""
