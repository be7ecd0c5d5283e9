"""Where the linear model comes from: the package's own file, a cache, or training now."""

from collections.abc import Sequence
from pathlib import Path

from content.library import PACKAGE
from content.search.index import Row
from content.search.linear import Linear, digest, load, renumbered

SHIPPED = PACKAGE / "search" / "model.npz"
"""Trained on the package's own content by `mingbai search train`; a test holds the two together."""


def machine(rows: Sequence[Row], cards: Sequence[str], *, cache: Path | None = None) -> Linear:
    """Bring the model for these rows: shipped, cached, or trained now (some seconds) and kept in `cache`.

    Without a cache nothing is trained: while an editor changes phrasings, the shipped model serves as it is, by the
    names of its cards, until `mingbai search train` renews it.
    """
    wanted = digest(rows, cards)
    for path in (SHIPPED, cache):
        held = load(path, wanted) if path else None
        if held is not None:
            return held
    older = load(SHIPPED, None)
    if cache is None and older is not None:
        return renumbered(older, cards)
    made = trained(rows, cards)
    if cache is not None:
        made.save(cache)
    return made


def trained(rows: Sequence[Row], cards: Sequence[str]) -> Linear:
    """Train on these rows."""
    from content.search.train import train  # noqa: PLC0415 - scikit-learn is slow to load and seldom needed

    return train(rows, cards, digest(rows, cards))
