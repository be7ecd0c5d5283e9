"""Identity numbers and bank cards in a text, also with spaces, in full width and in Chinese digits."""

import re
from collections.abc import Iterator, Sequence

from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from bot.notices.found import Found

CHINESE = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
"""Digits as they are spelt out; 两 and 十 are not said in a number."""

IDENTITY = 18
CARD = range(16, 20)

_RUN = re.compile(r"\d[\d \t.·_-]{13,60}[\dXx]")
"""Digits that may be one number: only such marks stand between them."""

_TOKEN = re.compile(r"\d+[Xx]?")
_MASKED = re.compile(r"(?<!\d)[1-9]\d{3,9}[*＊×xX•]{4,}\d{0,4}[\dXx*]")
_CARD_BEGINS = re.compile(r"62|60|9[0-9]|4|5[1-5]|3[57]")
LIVING = range(1900, 2100)


def identity(text: str) -> Iterator[Found]:
    """Numbers of identity cards, masked ones too. One with a slip in it (a wrong check digit) exposes too."""
    spelt = text.translate(CHINESE)
    for piece in _pieces(spelt, range(IDENTITY, IDENTITY + 1)):
        if _is_identity(piece):
            yield Found("identity", shown(piece))
    yield from (Found("identity", hit[0][:4] + "…") for hit in _MASKED.finditer(spelt))


def cards(text: str) -> Iterator[Found]:
    """Numbers of bank cards, by their check digit (Luhn) and how such numbers begin."""
    for piece in _pieces(text.translate(CHINESE), CARD):
        if _CARD_BEGINS.match(piece) and piece.isdecimal() and luhn.is_valid(piece) and not _is_identity(piece):
            yield Found("card", shown(piece))


def shown(number: str) -> str:
    """A number by its ends, so that what tells of it does not hold it."""
    return f"{number[:3]}…{number[-2:]}"


def _pieces(text: str, lengths: range) -> Iterator[str]:
    """Neighbouring groups of digits that together have one of these lengths."""
    for run in _RUN.finditer(text):
        tokens = _TOKEN.findall(run[0])
        seen = (_joined(tokens[start:], lengths) for start in range(len(tokens)))
        yield from dict.fromkeys(piece for found in seen for piece in found)


def _joined(tokens: Sequence[str], lengths: range) -> Iterator[str]:
    whole = ""
    for token in tokens:
        whole += token
        if len(whole) in lengths:
            yield whole
        if len(whole) >= lengths.stop:
            return


def _is_identity(piece: str) -> bool:
    """By the day of birth in it, which one number in a thousand has by chance; the check digit is not asked for."""
    if len(piece) != IDENTITY:
        return False
    try:
        return ric.get_birth_date(piece).year in LIVING
    except ValidationError:
        return False
