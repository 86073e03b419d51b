"""What a teacher does: set work, and look through what came back."""
