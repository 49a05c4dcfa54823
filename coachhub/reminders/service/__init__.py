"""Planning what is due, claiming it, sending it once."""
