"""Questions that found no card: counted, and where it is safe kept without their asker."""
