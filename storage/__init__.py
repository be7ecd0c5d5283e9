"""Records: what we keep and how we forget it."""
