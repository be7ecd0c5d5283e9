"""The text of a source document, cut into its clauses, where a deployment (or CI) has the text at hand.

The texts themselves are not part of the project; `content/sources.yaml` knows only where each clause begins.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from content.errors import InvalidContent, Problem
from content.problems import problem
from content.tables import Clause, Document

Clauses = Mapping[str, str]  # clause key → its text, squeezed

SOURCES = "sources"
"""The folder of a deployment's own content that holds the texts, one `<document id>.txt` each."""


class Texts(Mapping[str, Clauses]):
    """The texts of a folder by document id, each read and cut only when it is asked for."""

    def __init__(self, folder: Path, documents: Mapping[str, Document]) -> None:
        """Look which documents the folder holds; nothing is read yet."""
        held = {id_: folder / f"{id_}.txt" for id_ in documents}
        self._documents, self._paths = documents, {id_: path for id_, path in held.items() if path.exists()}
        self._cut: dict[str, Clauses] = {}

    def __getitem__(self, id_: str) -> Clauses:
        """Give a document's clauses. Raises InvalidContent where the text is not that document."""
        if id_ not in self._cut:
            self._cut[id_] = clauses(self._documents[id_], self._paths[id_].read_text("utf-8"))
        return self._cut[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def squeeze(text: str) -> str:
    """Make texts comparable: NFKC, and no white space, which line breaks and wide setting put anywhere."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def clauses(document: Document, text: str) -> Clauses:
    """Cut a document at its marks. Raises InvalidContent naming each clause whose beginning is not found."""
    squeezed, position = squeeze(text), 0
    starts: list[tuple[str, int]] = []
    missing: list[Problem] = []
    for clause in document.clauses:
        found = squeezed.find(squeeze(clause.mark), position)
        if found < 0:
            missing.append(_missing(document, clause))
        else:
            starts.append((clause.key, found))
            position = found
    if missing:
        raise InvalidContent(missing)
    ends = [start for _, start in starts[1:]] + [len(squeezed)]
    return {key: squeezed[start:end] for (key, start), end in zip(starts, ends, strict=True)}


def _missing(document: Document, clause: Clause) -> Problem:
    name = f"{SOURCES}/{document.id}.txt"
    return problem("mark_missing", name, clause.key, called=document.label(clause.key), mark=clause.mark)


def read_texts(folder: Path, documents: Mapping[str, Document]) -> dict[str, Clauses]:
    """Read and cut every text that the folder holds. Raises InvalidContent with the problems of all of them."""
    held, found, problems = Texts(folder, documents), {}, []
    for id_ in held:
        try:
            found[id_] = held[id_]
        except InvalidContent as error:
            problems += error.problems
        except UnicodeDecodeError as error:
            problems.append(problem("utf8", f"{SOURCES}/{id_}.txt", "", at=error.start))
    if problems:
        raise InvalidContent(problems)
    return found


def import_text(source: Path, document: Document, folder: Path) -> Path:
    """Copy a document's text into a folder of texts, once every clause is found in it. Raises InvalidContent otherwise.

    `source` is a file, or a folder whose text files are the pages in the order of their names.
    """
    text = "\n".join(map(decode, sorted(source.glob("*.txt")) if source.is_dir() else [source]))
    clauses(document, text)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document.id}.txt"
    path.write_text(text, "utf-8")
    return path


def decode(path: Path) -> str:
    """Read a text in UTF-8 or, as older offices save it, in GB 18030."""
    held = path.read_bytes()
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        return held.decode("gb18030", errors="replace")
