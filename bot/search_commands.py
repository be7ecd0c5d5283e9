"""`mingbai search …`: train, fit and evaluate the search."""

from pathlib import Path

import click

from bot.dialogue.turn import Knowledge, Service
from bot.evaluation.share import Share
from bot.knowledge import knowledge
from bot.questions import Score, mark, read_questions, score, with_changes
from bot.unanswered_commands import unanswered
from content.library import read_library
from content.search.linear import digest, load
from content.search.model import SHIPPED, trained
from content.search.rows import all_rows

SETS = click.Choice(["tune", "judge"])
TEXTS = Path("../shared/sources")


@click.group()
def search() -> None:
    """Train and measure the search."""


search.add_command(unanswered)


@search.command("train")
def train_command() -> None:
    """Train the linear model on the package's content and write its file."""
    _train()


def _train() -> None:
    made = trained(*all_rows(read_library()))
    made.save(SHIPPED)
    click.echo(f"{SHIPPED.name}: {len(made.grams)} grams, {len(made.weights)} weights, {SHIPPED.stat().st_size} bytes")


@search.command("fit")
def fit_command() -> None:
    """Fit the calibration on *tune* and print what to write into content/search/bands.py.

    The limits printed keep what is promised of answers in questions that the weights were not fitted on.
    """
    from bot.evaluation.fitting import fit, limits_of  # noqa: PLC0415 - scikit-learn is slow to load

    know = _knowledge()
    marked = list(mark(know, with_changes(read_questions("tune"))))
    fitted, limits = fit(marked, know.library), limits_of(marked, know.library)
    click.echo(f"weights: {tuple(round(weight, 3) for weight in fitted.weights)}, bias: {fitted.bias:.3f}")
    click.echo(f"answer: {limits.answer:.2f}, choices: {limits.choices:.2f}")


@search.command("evaluate")
@click.option("--set", "name", type=SETS, default="judge", help="judge, or tune while building.")
@click.option("--missed", default=0, help="Show so many questions that went wrong (tune only).")
@click.option(
    "--report", type=click.Path(path_type=Path, exists=True), help="Measure everything; write tables and figures here."
)
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    default=TEXTS,
    help="Folder with the documents, for a peer.",
)
def evaluate_command(name: str, missed: int, report: Path | None, texts: Path) -> None:
    """Put a question set to the dialogue; figures by style with 95 % intervals (Wilson)."""
    if report is not None:
        _write(report, texts)
        return
    know = _knowledge()
    scores = score(list(mark(know, read_questions(name))))
    for style in sorted(scores, key=lambda style: (style == "all", style)):
        click.echo(_line(style, scores[style]))
    if name == "tune":
        for one in scores["all"].missed[:missed]:
            told = f"{one.question.style} {' / '.join(one.question.turns)} → {one.kind} {','.join(one.programmes)}"
            click.echo(f"{told} ({', '.join(' '.join(clause) for clause in sorted(one.question.clauses))})")


def _knowledge() -> Knowledge:
    return knowledge(Service("", ""))


def _write(folder: Path, texts: Path) -> None:
    """Measure everything and write it down; what is drawn with is of the development group."""
    from bot.evaluation import plots, report, table  # noqa: PLC0415

    if load(SHIPPED, digest(*all_rows(read_library()))) is None:
        _train()  # figures of a model that does not fit the content would mislead
    made = report.report(_knowledge(), texts, click.echo)
    table.write(made, folder / "search.md")
    for path in (folder / "search.md", *plots.draw(made, folder)):
        click.echo(f"{path} written")


def _line(style: str, counts: Score) -> str:
    shares = {
        "first": Share(counts.first, counts.asked),
        "three": Share(counts.three, counts.asked),
        "wrong": Share(counts.wrong, counts.asked),
        "outside answered": Share(counts.outside_answered, counts.outside),
    }
    told = [f"{name} {share} of {share.whole}" for name, share in shares.items() if share.whole]
    return "  ".join([f"{style:11}", *told])
