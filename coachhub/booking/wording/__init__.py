"""The words of the booking domain on screen and in mails."""
