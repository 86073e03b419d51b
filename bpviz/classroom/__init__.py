"""What a class has done: each learner's results in a file, and the files of a class together."""
