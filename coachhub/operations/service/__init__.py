"""What is read and done in the operations domain: a use case a function."""
