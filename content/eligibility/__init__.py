"""看看哪些事跟我家有关: from answers to what may concern a household, and the question that helps most. Pure.

It is no check of anybody: conditions stand only where a clause states who is meant, and only a clause that itself shuts
people out puts a programme into the third group.
"""

from content.eligibility.asking import MOST_QUESTIONS, next_question
from content.eligibility.bearing import Bearing, Judged, Matter, for_everyone, grouped, judge, matters
from content.eligibility.hear import enough, heard
from content.eligibility.household import UNKNOWN, UNSAID, Answers, Household, Reading, consistent
from content.eligibility.terms import PLACE

__all__ = [
    "MOST_QUESTIONS",
    "PLACE",
    "UNKNOWN",
    "UNSAID",
    "Answers",
    "Bearing",
    "Household",
    "Judged",
    "Matter",
    "Reading",
    "consistent",
    "enough",
    "for_everyone",
    "grouped",
    "heard",
    "judge",
    "matters",
    "next_question",
]
