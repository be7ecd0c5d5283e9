"""Interest statistics: what people asked for, counted so that figures point at no one. The rule lives here alone.

rule      what is counted, what may be shown, and the words for it
units     the groups of townships that figures are shown for, fixed once a year
marks     what open months hold: tables of their own, dropped at the close
counting  the true counts of a month, made in the database and held in memory only
building  true counts into a release, coarsened until the audit finds nothing
audit     what an attacker can work out of a release, by subtraction and linear constraints
system    a release as equations, as an attacker would set them up
solve     bounds by linear programming
closing   the close of a month, one transaction
releases  what was released, to be read
subscribers  how many follow what, for the same units, beside the releases
"""
