"""What mingbai knows and how it says it: words in, words out; no network, no database."""
