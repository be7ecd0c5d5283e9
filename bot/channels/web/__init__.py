"""The web page for residents."""
