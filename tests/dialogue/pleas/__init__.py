"""Pleas for help, and sentences that only sound so.

`said` and `alike` teach the patterns and the model; nobody has read `judge_said` and `judge_alike` while writing those.
"""
