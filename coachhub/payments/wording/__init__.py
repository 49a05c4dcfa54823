"""The words of the payments domain on screen and in mails."""
