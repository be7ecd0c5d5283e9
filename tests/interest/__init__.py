"""Interest statistics: the rule, the close, the attack."""
