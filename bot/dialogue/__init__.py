"""The conversation: what a resident can do, free of any channel."""
