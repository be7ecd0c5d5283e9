"""`mingbai content …`: the editor's commands."""

from collections import Counter
from pathlib import Path

import click

from content.check import check, seal
from content.coverage import Coverage, coverage
from content.errors import InvalidContent, Problem
from content.library import Library, read_library
from content.source_text import read_texts

SHARED = Path("../shared")
"""Where the catalogue and the texts of the documents lie on the project's own machines."""


@click.group()
def content() -> None:
    """Check, show and grow the programmes."""


@content.command("check")
@click.option("--texts", type=click.Path(path_type=Path), default=SHARED / "sources", help="Folder with the documents.")
@click.option("--only", default="", help="Show problems of files whose name contains this.")
@click.option("--seal", "write_seal", is_flag=True, help="Write the digests of the quotes (needs the documents).")
def check_command(texts: Path, only: str, write_seal: bool) -> None:
    """Hold every programme to the rules; each problem with file, line and remedy."""
    library = _library()
    held = read_texts(texts, library.documents)
    problems = [one for one in check(library, held) if only in one.file]
    _show(problems)
    absent = sorted(set(library.documents) - set(held))
    if absent:
        click.echo(f"原文不在手边（{'、'.join(absent)}）：引文按存下的指纹核对。")
    if problems:
        raise SystemExit(1)
    if write_seal and not absent:
        click.echo(f"存下了{seal(library, held)}条引文的指纹。")
    click.echo(f"{len(library.programmes)}个事项，没有问题。")


@content.command("coverage")
@click.option("--catalogue", type=click.Path(path_type=Path), default=SHARED / "catalogue" / "clauses.yaml")
@click.option("--kind", default="", help="List what is missing of this kind.")
def coverage_command(catalogue: Path, kind: str) -> None:
    """Count what the programmes tell of the catalogue, per document and kind."""
    if not catalogue.exists():
        click.echo(f"没有目录 {catalogue}：没有核对。")
        return
    result = coverage(_library(), catalogue)
    _table(result)
    for one in result.missing:
        if kind in ("all", one.kind):
            click.echo(f"没说到：{one.doc} {one.clause} {one.id} [{one.kind}] {one.quote}")
    for one in result.wrongly_left_out:
        click.echo(f"不能略去：{one.doc} {one.clause} {one.id} [{one.kind}]")
    for row in result.stale:
        click.echo(f"left_out.yaml 里多余：{row.doc} {row.clause} {row.measure}")
    if result.missing or result.wrongly_left_out or result.stale:
        raise SystemExit(1)


def _table(result: Coverage) -> None:
    for name in ("doc", "kind"):
        told, left, missing = (
            Counter(getattr(one, name) for one in group) for group in (result.told, result.left_out, result.missing)
        )
        for key in sorted(told | left | missing):
            click.echo(f"{key:26} 说到 {told[key]:4}  略去 {left[key]:4}  没说到 {missing[key]:4}")


def _library() -> Library:
    try:
        return read_library()
    except InvalidContent as error:
        _show(error.problems)  # a file that can't be read stops everything, so it is told whatever was asked for
        raise SystemExit(1) from error


def _show(problems: list[Problem]) -> None:
    for one in problems:
        click.echo(str(one), err=True)
