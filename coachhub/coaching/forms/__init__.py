"""What coaches type about coaching sessions."""
