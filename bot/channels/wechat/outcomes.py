"""The one table of WeChat's return codes: what each means for a message, and what staff read.

An error stands inside an answer of status 200, so it is read always. A code that is not here is loud, and the message
counts as refused: WeChat named a fault, so it was surely not taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from scheduler.sending import Gone, NotNow, Outcome, Refused, TryLater

log = structlog.get_logger()

SOON, MINUTE, HOUR = timedelta(seconds=10), timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """What a code means. `loud`: an operator must do something, so it is logged as an error."""

    outcome: Outcome
    loud: bool = False


def _later(after: timedelta, *, loud: bool = False) -> Row:
    return Row(TryLater(after, whole_account=True), loud)


def _setup(reason: str) -> Row:
    """The account is set up wrongly: no message will pass until an operator mends it, and none is lost by waiting."""
    return Row(TryLater(HOUR, whole_account=True), loud=True) if reason == "wait" else Row(Refused(reason), loud=True)


CODES: Mapping[int, Row] = {
    -1: _later(SOON),  # the system is busy
    45009: _later(HOUR, loud=True),  # the day's calls are used up
    45011: _later(MINUTE),  # too many calls in this minute
    # The token: refreshed by the client, which tries once more; this is what is left when that did not help.
    40001: _later(MINUTE, loud=True),
    40014: _later(MINUTE, loud=True),
    41001: _later(MINUTE, loud=True),
    42001: _later(MINUTE, loud=True),
    # The account's own set-up: wrong secret, an address that is not on the white list, a frozen account.
    40013: _setup("wait"),
    40125: _setup("wait"),
    40164: _setup("wait"),
    40243: _setup("wait"),
    50007: _setup("wait"),
    61004: _setup("wait"),
    89503: _setup("wait"),
    89506: _setup("wait"),
    89507: _setup("wait"),
    48004: _setup("wait"),  # the interface is blocked for irregularities
    48001: _setup("not_permitted"),  # this kind of account has no such interface
    48008: _setup("not_permitted"),
    # The resident.
    40003: Row(Gone()),  # nobody of ours at this address
    43004: Row(Gone()),  # does not follow the account
    43019: Row(Gone()),  # blacklisted
    48002: Row(Gone()),  # follows, and has refused messages
    49003: Row(Gone()),
    50002: Row(Gone()),  # frozen or closed
    50005: Row(Gone()),
    # The windows: our count was wrong, or a message of theirs is long ago.
    45015: Row(NotNow()),
    45047: Row(NotNow()),
    43101: Row(NotNow()),  # refuses the notices of this template
    # The template: it can't go this way; it is held, and goes another way at the next contact.
    40037: Row(NotNow(), loud=True),
    41030: Row(NotNow(), loud=True),
    47003: Row(NotNow(), loud=True),
    43116: Row(NotNow(), loud=True),
    # The message itself.
    40008: Row(Refused("form"), loud=True),
    40035: Row(Refused("form"), loud=True),
    44002: Row(Refused("form"), loud=True),
    44004: Row(Refused("form"), loud=True),
    47001: Row(Refused("form"), loud=True),
    45002: Row(Refused("too_long"), loud=True),
    45008: Row(Refused("too_long"), loud=True),
    87009: Row(Refused("content"), loud=True),
    87014: Row(Refused("content"), loud=True),  # the platform's review took offence
    # The mass send.
    45028: Row(Refused("no_mass_quota"), loud=True),
    45065: Row(Refused("same_group"), loud=False),  # this group was sent before: its answer names the job
    45066: _later(MINUTE),  # the same group again too soon
    45067: Row(Refused("form"), loud=True),
}

TOKEN_CODES = frozenset({40001, 40014, 41001, 42001})
"""The token is not taken: another one helps."""

WINDOW_CODES = frozenset({45015, 45047})
"""WeChat says that we may not speak now: our count is put right."""


def outcome_of(code: int, interface: str) -> Outcome:
    """Say what a code means for the message. What an operator must see is logged as an error, with the code only."""
    row = CODES.get(code)
    if row is None:
        log.error("wechat_code_unknown", code=code, interface=interface)
        return Refused(f"code_{code}")
    if row.loud:
        log.error("wechat_refused", code=code, interface=interface)
    return row.outcome
