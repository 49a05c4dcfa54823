"""What the coach's pages show, read with a constant number of statements."""
