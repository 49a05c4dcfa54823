"""What payments say on screen."""
