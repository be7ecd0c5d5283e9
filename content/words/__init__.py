"""Tables of words: what search folds together, what rules forbid, how characters sound."""
