"""The text of a source document, cut into its clauses, where a deployment (or CI) has the text at hand.

The texts themselves are not part of the project; `content/sources.yaml` knows only where each clause begins.
"""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from content.errors import InvalidContent
from content.problems import problem
from content.tables import Document

Clauses = Mapping[str, str]  # clause key → its text, squeezed


def squeeze(text: str) -> str:
    """Make texts comparable: NFKC, and no white space, which line breaks and wide setting put anywhere."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def clauses(document: Document, text: str) -> Clauses:
    """Cut a document at its marks. Raises InvalidContent naming each clause whose beginning is not found."""
    squeezed, starts, position, problems = squeeze(text), [], 0, []
    for clause in document.clauses:
        found = squeezed.find(squeeze(clause.mark), position)
        if found < 0:
            problems.append(
                problem("unknown", document.id, clause.key, name=clause.mark, thing="开头", where=document.id)
            )
            continue
        starts.append((clause.key, found))
        position = found
    if problems:
        raise InvalidContent(problems)
    ends = [start for _, start in starts[1:]] + [len(squeezed)]
    return {key: squeezed[start:end] for (key, start), end in zip(starts, ends, strict=True)}


def read_texts(folder: Path, documents: Mapping[str, Document]) -> dict[str, Clauses]:
    """Read `<id>.txt` of each document that the folder holds, cut into clauses."""
    held = {id_: folder / f"{id_}.txt" for id_ in documents}
    return {id_: clauses(documents[id_], path.read_text("utf-8")) for id_, path in held.items() if path.exists()}
