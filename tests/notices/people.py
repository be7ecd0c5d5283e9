"""Numbers of nobody: made by a seeded generator, right by their check digits, so that no real one stands in a table."""

import random

from stdnum import luhn
from stdnum.cn import ric

CHINESE = "零一二三四五六七八九"


class Nobody:
    """Makes numbers and puts them into the sentences of the tables."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - for tests

    def _digits(self, count: int) -> str:
        return "".join(str(self._random.randrange(10)) for _ in range(count))

    def identity(self) -> str:
        """An identity number."""
        year, month, day = (self._random.randrange(*ends) for ends in ((1930, 2015), (1, 13), (1, 29)))
        born = f"{year}{month:02}{day:02}"
        body = f"1527{self._digits(2)}{born}{self._digits(3)}"
        return body + ric.calc_check_digit(f"{body}0")

    def card(self) -> str:
        """A bank card's number."""
        body = f"622848{self._digits(12)}"
        return body + luhn.calc_check_digit(body)

    def phone(self) -> str:
        """A mobile phone's number."""
        return f"1{self._random.choice('3578')}{self._digits(9)}"

    def fill(self, sentence: str) -> str:
        """Put numbers into a sentence, each a new one."""
        while "{phone}" in sentence:
            sentence = sentence.replace("{phone}", self.phone(), 1)
        id_, card = self.identity(), self.card()
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        forms = {
            "{id_spaced}": f"{id_[:6]} {id_[6:14]} {id_[14:]}",
            "{id_dashed}": f"{id_[:6]}-{id_[6:14]}-{id_[14:]}",
            "{id_wide}": id_.translate(wide),
            "{id_chinese}": "".join(CHINESE[int(one)] if one.isdecimal() else one for one in id_),
            "{id_typo}": f"{id_[:16]}{(int(id_[16]) + 1) % 10}{id_[17]}",
            "{id_masked}": f"{id_[:6]}********{id_[14:]}",
            "{id}": id_,
            "{card_spaced}": " ".join(card[at : at + 4] for at in range(0, len(card), 4)),
            "{card_dashed}": "-".join(card[at : at + 4] for at in range(0, len(card), 4)),
            "{card_wide}": card.translate(wide),
            "{card}": card,
        }
        for name, number in forms.items():
            sentence = sentence.replace(name, number)
        return sentence
