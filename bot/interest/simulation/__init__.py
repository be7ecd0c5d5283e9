"""Two made-up years, lived through the real tables and the real close, beside plain k-suppression."""
