"""What coaches and visitors type about bookings."""
