"""Draw a section as SVG: readable on a phone and when printed, in colours that the colour-blind tell apart.

Its table always stands beside it. What is not shown is a gap, never a 0.
"""

import io
from typing import Any

import altair as alt

from bot.interest.pages import Section

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]  # of Okabe and Ito
SHAPES = ["circle", "triangle-up", "square", "diamond", "cross", "triangle-down"]
WIDTH, ROW, HEIGHT, FONT = 320, 34, 220, 14
SPACING, CLOSER = 14, -8
"""Between a bar and the next name, and between a name and its own bar: what belongs together stands together."""
MOST_LINES = len(COLOURS)
"""Topics in one chart over time; the table holds all."""


def svg(section: Section) -> str:
    """Return the section's chart as an SVG document."""
    chart = _lines(section) if section.over_time else _bars(section)
    out = io.StringIO()
    _readable(chart).save(out, format="svg")
    return out.getvalue()


def _rows(section: Section, *, gaps: bool = False) -> list[dict[str, Any]]:
    """A row for each figure; with `gaps` also for what is not shown, so that no line is drawn over it."""
    return [
        {"name": name, "column": column, "people": people, "said": f"{people} {column}"}
        for name, values in section.rows
        for column, people in zip(section.columns, values, strict=True)
        if gaps or people is not None
    ]


def _bars(section: Section) -> Any:
    """One bar for each name and column, the name above it so that the figure stays narrow."""
    names, several = [name for name, _ in section.rows], len(section.columns) > 1
    x = alt.X("people:Q", title=None, scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=4))
    base = _over(_rows(section)).encode(x=x, y=alt.Y("column:N", sort=list(section.columns), title=None, axis=None))
    bars = base.mark_bar().encode(color=_colour("column", list(section.columns), legend=several))
    told = base.mark_text(align="left", dx=4, fontSize=FONT).encode(text="said:N" if several else "people:Q")
    header = alt.Header(labelFontSize=FONT, labelAngle=0, labelOrient="top", labelAnchor="start", labelPadding=CLOSER)
    inner = (bars + told).properties(width=WIDTH, height=ROW * len(section.columns) // 2)
    return inner.facet(row=alt.Row("name:N", sort=names, title=None, header=header), spacing=SPACING)


def _lines(section: Section) -> Any:
    """The first few topics over time; a shape for each beside its colour."""
    names = [name for name, _ in section.rows][:MOST_LINES]
    rows = [row for row in _rows(section, gaps=True) if row["name"] in names]
    shape = alt.Shape("name:N", scale=alt.Scale(domain=names, range=SHAPES[: len(names)]))
    x = alt.X("column:N", sort=list(section.columns), title=None, axis=alt.Axis(labelAngle=-60))
    y = alt.Y("people:Q", title=None, scale=alt.Scale(domainMin=0))
    base = _over(rows).encode(x=x, y=y, color=_colour("name", names, legend=True))
    drawn = base.mark_line() + base.mark_point(size=60, filled=True).encode(shape=shape)
    return drawn.properties(width=WIDTH, height=HEIGHT)


def _over(rows: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]


def _colour(field: str, domain: list[str], *, legend: bool) -> alt.Color:
    shown = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=300) if legend else None
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=domain, range=COLOURS[: len(domain)]), legend=shown)


def _readable(chart: Any) -> Any:
    dressed = chart.properties(background="white").configure_axis(labelFontSize=FONT, titleFontSize=FONT)
    return dressed.configure_legend(labelFontSize=FONT)
