"""What addresses and forms of the coach's pages ask for."""
