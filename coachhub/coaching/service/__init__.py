"""What is done with coaching sessions, and what is read of them."""
