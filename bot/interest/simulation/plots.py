"""Draw the simulation, as SVG: narrow enough for a phone, in colours and shapes that the colour-blind tell apart."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from bot.interest.simulation.years import Month

OURS, PLAIN = "this rule", "plain k-suppression"
COLOURS = ["#0072B2", "#D55E00"]  # blue and vermilion, of Okabe and Ito
WIDTH, HEIGHT, FONT = 340, 200, 14
Row = dict[str, Any]


def draw(lived: Sequence[Month], folder: Path) -> Iterator[Path]:
    """Draw the three figures into a folder; yields the files."""
    charts = {"published": _published(lived), "ranks": _ranks(lived), "attack": _attack(lived)}
    for name, chart in charts.items():
        path = folder / f"interest-{name}.svg"
        chart.save(path)
        yield path


def _published(lived: Sequence[Month]) -> Any:
    rows = [
        {"month": f"{one.month:%Y-%m-%d}", "kind": kind, "share": share}
        for one in lived
        for kind, share in ((OURS, one.published), (PLAIN, one.published_plain))
    ]
    y = alt.Y("share:Q", title="people-topics published", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    base = _over(rows).mark_line(point=alt.OverlayMarkDef(size=60, filled=True))
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=4))
    return _dressed(base.encode(x=x, y=y, color=_colour(), shape=_shape()))


def _ranks(lived: Sequence[Month]) -> Any:
    rows = [
        {"kind": kind, "rank": rank}
        for one in lived
        for kind, ranks in ((OURS, one.ranks), (PLAIN, one.ranks_plain))
        for rank in ranks
    ]
    x = alt.X("rank:Q", bin=alt.Bin(maxbins=25), title="rank correlation; so many banners × months")
    y = alt.Y("count():Q", title=None, stack=None)
    rows_of = alt.Row("kind:N", title=None, header=alt.Header(labelFontSize=FONT))
    return _dressed(_over(rows).mark_bar().encode(x=x, y=y, color=_colour(), row=rows_of), HEIGHT // 2)


def _attack(lived: Sequence[Month]) -> Any:
    attacked = [one.attacked_plain for one in lived if one.attacked_plain]
    hidden = max(1, sum(one.hidden for one in attacked))
    ours = sum(one.broken for one in lived) / max(1, sum(one.hidden for one in lived))
    found = (
        ("bounded more tightly", OURS, ours),
        ("bounded more tightly", PLAIN, sum(one.narrowed for one in attacked) / hidden),
        ("known exactly", OURS, ours),
        ("known exactly", PLAIN, sum(one.recovered for one in attacked) / hidden),
    )
    rows = [{"what": what, "kind": kind, "share": share, "said": f"{share:.1%} {kind}"} for what, kind, share in found]
    across = alt.X("share:Q", title="of the hidden cells", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    base = _over(rows).encode(x=across, y=alt.Y("kind:N", title=None, axis=None))
    bars = base.mark_bar().encode(color=_colour()) + base.mark_text(align="left", dx=4, fontSize=FONT).encode(
        text="said:N"
    )
    faceted = bars.properties(width=WIDTH, height=60).facet(
        row=alt.Row("what:N", title=None, header=alt.Header(labelFontSize=FONT, labelAngle=0, labelOrient="top"))
    )
    return _worded(faceted)


def _over(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


def _colour() -> alt.Color:
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=300)
    return alt.Color("kind:N", scale=alt.Scale(domain=[OURS, PLAIN], range=COLOURS), legend=legend)


def _shape() -> alt.Shape:
    return alt.Shape("kind:N", scale=alt.Scale(domain=[OURS, PLAIN], range=["circle", "triangle-up"]))


def _dressed(chart: alt.Chart, height: int = HEIGHT) -> Any:
    return _worded(chart.properties(width=WIDTH, height=height))


def _worded(chart: Any) -> Any:
    """Give a chart letters that can be read on a phone and on paper."""
    return (
        chart.properties(background="white")
        .configure_axis(labelFontSize=FONT, titleFontSize=FONT)
        .configure_legend(labelFontSize=FONT)
    )
