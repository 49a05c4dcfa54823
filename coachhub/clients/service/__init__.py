"""What one can do with clients: add, invite, accept, edit, pause, archive."""
