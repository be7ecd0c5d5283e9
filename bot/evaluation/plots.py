"""Draw what was measured, as SVG: narrow enough for a phone, in colours that the colour-blind tell apart.

Colours are of Okabe and Ito; what a colour says, a shape says too.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from bot.evaluation.report import Report
from bot.evaluation.share import Share

COLOURS = ["#0072B2", "#D55E00", "#009E73"]  # blue, vermilion, green
WIDTH, ROW = 340, 44
FONT = 14
Row = dict[str, Any]


def draw(report: Report, folder: Path) -> Iterator[Path]:
    """Draw the three figures into a folder; yields the files."""
    charts = {"styles": _styles(report), "stages": _stages(report), "learning": _learning(report)}
    for name, chart in charts.items():
        path = folder / f"search-{name}.svg"
        chart.save(path)
        yield path


def _styles(report: Report) -> alt.LayerChart:
    rows = [
        *(_row(one.name, "first card right", one.first) for one in (*report.styles, report.whole) if one.first.whole),
        *(_row(one.name, "wrong card as the answer", one.wrong) for one in report.styles if one.first.whole),
        _row(report.whole.name, "wrong card as the answer", report.whole.wrong),
        _row("outside the documents", "wrong card as the answer", report.whole.outside),
    ]
    return _dots(_named(rows, report.whole.name, "all"), ("first card right", "wrong card as the answer"), None)


def _stages(report: Report) -> alt.LayerChart:
    rows = [
        _row(report.whole.name, "ours", report.whole.first),
        *(_row(one.name, "ours, changed", one.first) for one in report.stages),
        *(_row(one.name, "ours, changed" if "ours" in one.name else "peer", one.first) for one in report.peers),
    ]
    return _dots(rows, ("ours", "ours, changed", "peer"), "first card right")


def _learning(report: Report) -> alt.LayerChart:
    rows = [
        _row("", kind, share) | {"phrasings": mean}
        for mean, one in report.curve
        for kind, share in (("first card right", one.first), ("among the first three", one.three))
    ]
    base = _over(rows).encode(
        x=alt.X("phrasings:Q", title="phrasings per programme", scale=alt.Scale(domainMin=0)),
        color=_colour(("first card right", "among the first three")),
    )
    share = alt.Y("share:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="%"))
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    shape = _shape(("first card right", "among the first three"))
    dots = base.mark_point(size=70, filled=True).encode(y=share, shape=shape)
    return _dressed(band + base.mark_line().encode(y=share) + dots, 220)


def _dots(rows: Sequence[Row], kinds: Sequence[str], title: str | None) -> alt.LayerChart:
    """Draw shares as dots with their intervals; each name stands above its line, so that the figure stays narrow."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    line = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labels=False, ticks=False, grid=True))
    across = alt.X(
        "low:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5, orient="top")
    )
    base = _over(rows).encode(y=line, color=_colour(kinds))
    spans = base.mark_rule(strokeWidth=2).encode(x=across, x2="high:Q")
    dots = base.mark_point(size=90, filled=True, opacity=1).encode(x="share:Q", shape=_shape(kinds))
    said = _over([{"name": name} for name in names]).mark_text(align="left", dx=2, dy=-14, fontSize=FONT)
    return _dressed(spans + dots + said.encode(y=line, x=alt.value(0), text="name:N"), ROW * len(names))


def _over(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


def _row(name: str, kind: str, share: Share) -> Row:
    low, high = share.interval
    return {"name": name, "kind": kind, "share": share.value, "low": low, "high": high}


def _named(rows: Iterable[Row], name: str, into: str) -> list[Row]:
    return [row | {"name": into} if row["name"] == name else row for row in rows]


def _colour(kinds: Sequence[str]) -> alt.Color:
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=300)
    scale = alt.Scale(domain=list(kinds), range=COLOURS[: len(kinds)])
    return alt.Color("kind:N", scale=scale, legend=legend)


def _shape(kinds: Sequence[str]) -> alt.Shape:
    shapes = ["circle", "triangle-up", "square"][: len(kinds)]
    return alt.Shape("kind:N", scale=alt.Scale(domain=list(kinds), range=shapes))


def _dressed(chart: alt.LayerChart, height: int) -> alt.LayerChart:
    sized: alt.LayerChart = chart.properties(width=WIDTH, height=height, background="white")
    dressed: alt.LayerChart = sized.configure_axis(labelFontSize=FONT, titleFontSize=FONT)
    legended: alt.LayerChart = dressed.configure_legend(labelFontSize=FONT)
    return legended
