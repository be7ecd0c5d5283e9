"""Learning without surveillance: what found no card, without who asked it."""
