"""`mingbai search …`: train, fit and evaluate the search."""

import math
from pathlib import Path

import click

from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from bot.questions import Score, mark, read_questions, score
from content.library import read_library
from content.search.engine import all_rows
from content.search.model import SHIPPED, trained

QUESTIONS = Path("tests/data/questions")


@click.group()
def search() -> None:
    """Train and measure the search."""


@search.command("train")
def train_command() -> None:
    """Train the linear model on the package's content and write its file."""
    made = trained(*all_rows(read_library()))
    made.save(SHIPPED)
    click.echo(f"{SHIPPED.name}: {len(made.grams)} grams, {len(made.weights)} weights, {SHIPPED.stat().st_size} bytes")


@search.command("evaluate")
@click.option("--set", "name", default="judge", help="judge, or tune while building.")
@click.option("--missed", default=0, help="Show so many questions that went wrong (tune only).")
def evaluate_command(name: str, missed: int) -> None:
    """Put a question set to the dialogue; figures by style with 95 % intervals (Wilson)."""
    know = knowledge(Service("", ""))
    scores = score(list(mark(know, read_questions(QUESTIONS / f"{name}.jsonl"))))
    for style in sorted(scores, key=lambda style: (style == "all", style)):
        click.echo(_line(style, scores[style]))
    if name == "tune":
        for one in scores["all"].missed[:missed]:
            told = f"{one.question.style} {' / '.join(one.question.turns)} → {one.kind} {','.join(one.programmes)}"
            click.echo(f"{told} ({', '.join(' '.join(clause) for clause in sorted(one.question.clauses))})")


def _line(style: str, counts: Score) -> str:
    parts = [f"{style:11}"]
    for name, count, whole in (
        ("first", counts.first, counts.asked),
        ("three", counts.three, counts.asked),
        ("wrong", counts.wrong, counts.asked),
        ("outside answered", counts.outside_answered, counts.outside),
    ):
        if whole:
            low, high = wilson(count, whole)
            parts.append(f"{name} {count / whole:.3f} [{low:.3f}, {high:.3f}] of {whole}")
    return "  ".join(parts)


def wilson(count: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    share, spread = count / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
