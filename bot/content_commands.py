"""`mingbai content …`: the editor's commands."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from bot.settings import settings
from content import behind
from content.answer import first_message
from content.card import Card
from content.check import check, seal
from content.check.findings import said
from content.coverage import Coverage, coverage
from content.errors import InvalidContent, Problem
from content.library import PACKAGE, Library, read_library
from content.new import NotWritten, write_new
from content.places import PlaceError, Places
from content.readability import Plain, Readability, readability, together
from content.render import as_text, say
from content.source_text import SOURCES, Clauses, Texts, import_text, read_texts, squeeze
from scheduler.calendar import local_date
from scheduler.clock import now

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
    """Hold every programme to the rules, a deployment's own too; each problem with file, line and remedy."""
    library = _library()
    try:
        held = {**read_texts(texts, library.documents), **_own_texts(library)}
    except InvalidContent as error:
        _show(error.problems)
        raise SystemExit(1) from error
    found = check(library, held, plain=Plain.load(), trusting=settings().content is not None)
    problems = [one for one in found if only in one.file]
    _show(problems)
    absent = sorted(set(library.documents) - set(held))
    if absent:
        click.echo(f"原文不在手边（{'、'.join(absent)}）：引文按存下的指纹核对。")
    if problems:
        raise SystemExit(1)
    if write_seal and not absent:
        click.echo(f"存下了{seal(read_library(), held)}条引文的指纹。")
    click.echo(f"{len(library.programmes)}个事项，没有问题。")


@content.command("readability")
@click.option("--only", default="", help="Show programmes whose id contains this, with their hard words.")
def readability_command(only: str) -> None:
    """Measure how plain the cards are: sentences, and words that people do not use every day; hardest first."""
    plain, library = Plain.load(), _library()
    measures = {one.id: readability(one, plain) for one in library.programmes.values() if not one.is_stub}
    click.echo(f"{'平均句长':>6} {'最长':>4} {'难词':>5}")
    for id_, one in sorted(measures.items(), key=lambda row: -row[1].share):
        if only in id_:
            click.echo(f"{_measured(one)}  {id_}{'：' + '、'.join(dict.fromkeys(one.hard)) if only else ''}")
    click.echo(f"{_measured(together(measures.values()))}  一共{len(measures)}张卡")


def _measured(one: Readability) -> str:
    return f"{one.mean:8.1f} {one.longest:6} {one.share:8.1%}"


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


@content.command("new")
@click.argument("id_", metavar="ID")
@click.option("--topic", required=True, help="Id of a topic, such as subsidy.")
@click.option("--name", required=True, help="What the document calls the thing.")
def new_command(id_: str, topic: str, name: str) -> None:
    """Write an empty programme that loads, with comments that lead through it; never over another."""
    folder = settings().content or PACKAGE
    try:
        path = write_new(folder, _library(), id_=id_, topic=topic, name=name, today=local_date(now()))
    except NotWritten as error:
        raise click.ClickException(str(error)) from error
    click.echo(say("new", "written", path=path))


@content.command("show")
@click.argument("id_", metavar="ID")
@click.option("--place", default=None, help="Code of the place that the resident is from, such as 150600.")
def show_command(id_: str, place: str | None) -> None:
    """Show a card as a resident sees it, and everything behind it."""
    library = _library()
    if id_ not in library.programmes:
        near = get_close_matches(id_, library.programmes, n=3)
        raise click.ClickException(say("new", "no_card", id_=id_, near=near))
    try:
        stem = Places.load().stem_of(place) if place else None
    except PlaceError as error:
        raise click.ClickException(say("new", "no_place", code=place)) from error
    for part in _parts(Card(library.programmes[id_], library, stem, local_date(now()))):
        click.echo(part + "\n")


def _parts(card: Card) -> Iterator[str]:
    """Everything about a card in reading order: what it is, what a resident sees first, what stands behind it."""
    programme = card.programme
    yield say("new", "of_card", programme=programme, file=card.library.files[programme.id][1])
    yield f"{say('new', 'part_first')}\n{as_text(first_message(card))}"
    if not programme.is_stub:
        for message in (behind.quotes(card), behind.before(card), behind.unstated(card)):
            yield as_text(message, numbered=False)
    yield as_text(behind.ask(card), numbered=False)
    yield "\n".join([say("new", "part_phrasings", count=len(programme.phrasings)), *programme.phrasings])


@content.command("import-source")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--as", "id_", required=True, help="Id of the document, such as nmg-2026.")
@click.option("--replace", is_flag=True, help="Put it in the place of a text imported before.")
def import_source_command(source: Path, id_: str, replace: bool) -> None:
    """Import the text of a document (a file, or a folder of its pages) into a deployment's own content."""
    library, own = _library(), settings().content
    if own is None:
        raise click.ClickException(say("new", "no_own"))
    if id_ not in library.documents:
        raise click.ClickException(say("new", "no_document", id_=id_, ids=list(library.documents)))
    if source.is_dir() and not list(source.glob("*.txt")):
        raise click.ClickException(say("new", "nothing_to_read", path=source))
    kept = own / SOURCES / f"{id_}.txt"
    if kept.exists() and not replace:
        raise click.ClickException(say("new", "kept", path=kept))
    try:
        import_text(source, library.documents[id_], own / SOURCES)
    except InvalidContent as error:
        _show(error.problems)
        raise SystemExit(1) from error
    click.echo(_imported(library, id_, kept))


def _imported(library: Library, id_: str, path: Path) -> str:
    """Say what was imported, and which quotes of the cards are not in it: another scan has other errors."""
    clauses = Texts(path.parent, library.documents)[id_]
    quotes = [item.source for one in library.programmes.values() for _, item in said(one) if item.source.doc == id_]
    missing = [source.quote for source in quotes if squeeze(source.quote) not in clauses[source.clause]]
    if missing:
        return say("new", "imported_other", path=path, count=len(clauses), missing=missing)
    return say("new", "imported", path=path, count=len(clauses), total=len(quotes))


def _own_texts(library: Library) -> dict[str, Clauses]:
    """The texts that a deployment has imported."""
    own = settings().content
    return read_texts(own / SOURCES, library.documents) if own else {}


def _library() -> Library:
    own = settings().content
    try:
        return read_library(*([own] if own else []))
    except InvalidContent as error:
        _show(error.problems)  # a file that can't be read stops everything, so it is told whatever was asked for
        raise SystemExit(1) from error


def _show(problems: list[Problem]) -> None:
    for one in problems:
        click.echo(str(one), err=True)
