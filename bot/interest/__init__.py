"""Interest statistics above the rule: what a turn counts as, writing it, and showing what was released."""
