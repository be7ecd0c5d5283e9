"""What kind of device a browser says it runs on, in a word: so that people tell their own sessions apart."""

SIGNS = ("harmony", "iphone", "ipad", "android", "windows", "macintosh", "linux")
"""The first that stands in a User-Agent is the kind; its name is the sentence `device` of `desk.j2`."""


def device_of(agent: str) -> str:
    """The kind of device of a User-Agent, `other` if none is known; nothing else of it is kept."""
    lower = agent.lower()
    return next((sign for sign in SIGNS if sign in lower), "other")
