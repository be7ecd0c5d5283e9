"""What staff enter for a place, and what residents follow: windows, local details, following."""
