"""Finding the right card for a question asked in a resident's own words."""
