"""What is read and done in the booking domain: a use case a function."""
