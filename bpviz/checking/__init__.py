"""A learner's own backpropagation: called, read, compared, and the mistake in it named."""
