"""What is sent, to whom, when; and the time."""
