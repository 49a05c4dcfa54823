"""What the booking domain says on screen: a file for each kind of reader."""
