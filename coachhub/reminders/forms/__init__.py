"""What people type and tick about reminders: a file a page."""
