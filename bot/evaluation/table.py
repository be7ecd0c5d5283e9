"""Write what was measured into docs/search.md, between two marks; the rest of the page is written by hand."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.evaluation.measure import Measured
from bot.evaluation.report import Report
from bot.evaluation.share import Share, won_and_lost

BEGIN, END = "<!-- figures: made by `mingbai search evaluate --report docs`, not by hand -->", "<!-- /figures -->"
SHARES = ("first card right", "among the first three", "wrong card as the answer")


def write(report: Report, page: Path) -> None:
    """Replace what stands between the marks. Raises ValueError where a mark is missing."""
    text = page.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: write {BEGIN} and {END} where the figures belong")
    page.write_text(f"{before}{BEGIN}\n{markdown(report)}\n{END}{after}", "utf-8")


def markdown(report: Report) -> str:
    """Write the tables, each under its figure."""
    parts = (
        f"{report.about} Brackets: 95 % intervals (Wilson).",
        "### By style\n\n![First card right and wrong card as the answer, by style](search-styles.svg)",
        _table(("style", "asked", *SHARES, "outside, answered"), _styles(report)),
        "### Each stage left out\n\n![First card right without each stage, and of the peers](search-stages.svg)",
        _table(("", *SHARES, "outside, answered", "won, lost"), _rows(report.whole, [report.whole, *report.stages])),
        "### Beside peers",
        _table(("", *SHARES, "outside, answered", "won, lost"), _rows(report.whole, [report.whole, *report.peers])),
        "\n".join(f"- Left out: {why}." for why in report.absent),
        "### The learning curve\n\n![Accuracy against phrasings per programme](search-learning.svg)",
        _table(("phrasings a programme", *SHARES), _curve(report)),
    )
    return "\n\n".join(filter(None, parts))


def _styles(report: Report) -> Iterator[Sequence[str]]:
    for one in (*report.styles, report.whole, report.tune):
        name = {report.whole.name: "**all of judge**", "tune": "all of tune"}.get(one.name, one.name)
        yield (name, str(one.first.whole or one.outside.whole), *_shares(one), str(one.outside))


def _rows(whole: Measured, rows: Sequence[Measured]) -> Iterator[Sequence[str]]:
    for one in rows:
        won, lost = won_and_lost(whole.right, one.right)
        against = "" if one is whole else f"+{won} −{lost}"
        yield (one.name, *_shares(one), str(one.outside), against)


def _curve(report: Report) -> Iterator[Sequence[str]]:
    return ((f"{mean:.1f}", *_shares(one)) for mean, one in report.curve)


def _shares(one: Measured) -> tuple[str, ...]:
    shares: tuple[Share, ...] = (one.first, one.three, one.wrong)
    return tuple(map(str, shares))


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
