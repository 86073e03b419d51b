"""What an update is made of: quantities, operations on them, and what is said of each."""
