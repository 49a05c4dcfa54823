"""What is read and done in the payments domain: a use case a function."""
