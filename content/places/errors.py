"""What can go wrong with a place."""


class PlaceError(ValueError):
    """A code that names no place of ours. The message names the code and says what to write instead."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"no place has the code {code!r}: write 6, 9 or 12 digits, such as 150621 or 150621100, "
            "from banners.tsv, townships.tsv or villages.tsv in content/places/"
        )
        self.code = code
