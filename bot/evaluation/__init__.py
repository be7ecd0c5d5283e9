"""How well search finds: measured stage by stage and beside named peers, written as a table and figures.

Only `mingbai search evaluate --report` loads this.
"""
