"""What every screen and every sentence takes as a text message."""
