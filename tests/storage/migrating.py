"""Migrations, and a row in every table of any revision, made from what the database itself says of its columns."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Column, Connection, MetaData, NullPool, Table, create_engine, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from storage import schema

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
OF_TYPE: Mapping[type, object] = {
    str: "x", int: 1, float: 1.0, bool: False, bytes: b"x", date: date(2026, 11, 1), datetime: NOW, list: ["150622"],
    dict: {},
}  # fmt: skip
OF_NAME: Mapping[str, object] = {
    "place": "150622", "banner": "150622", "role": "cadre", "deed": "erased", "figure": 10, "way": "passive",
    "following.kind": "programme", "local_detail.kind": "where", "interest_note.says": "enough",
    "broadcast.kind": "notice", "notice.kind": "notice", "delivery.kind": "notice",
    "broadcast.number": "A00001", "notice.number": "A00001", "broadcast_list.residents": [1],
    # the two of which one must be there, and what an awaited window needs
    "local_detail.programme": "x", "place_window.programme": "x", "place_window.timing": "awaiting",
    "place_window.about": "x",
}  # fmt: skip
"""What a rule of the tables asks of a column, by its name or by its table's and its own."""


def revisions() -> list[str]:
    """Every revision, oldest first."""
    script = ScriptDirectory(str(VERSIONS.parent))
    return [step.revision for step in reversed(list(script.walk_revisions()))]


def connect(url: URL) -> Connection:
    """A connection of its own."""
    return create_engine(url, poolclass=NullPool).connect()


def tables_of(conn: Connection) -> MetaData:
    """Every table as it stands, but Alembic's own."""
    found = MetaData()
    found.reflect(conn, only=lambda name, _: not name.startswith("alembic"))
    return found


def fill(conn: Connection, tables: MetaData) -> None:
    """Put a row into every table that is empty."""
    for table in tables.sorted_tables:
        if not rows(conn, table):
            conn.execute(table.insert().values({one.name: _value(table, one) for one in table.c if _asked(table, one)}))
    conn.commit()


def rows(conn: Connection, table: Table) -> int:
    """How many rows it has."""
    return conn.scalar(select(func.count()).select_from(text(table.name))) or 0


def _asked(table: Table, column: Column[object]) -> bool:
    if column.identity:
        return False
    given = column.server_default is not None and not column.primary_key
    return f"{table.name}.{column.name}" in OF_NAME or not (column.nullable or given)


def _value(table: Table, column: Column[object]) -> object:
    named = OF_NAME.get(f"{table.name}.{column.name}", OF_NAME.get(column.name))
    return OF_TYPE[_python(column)] if named is None else named


def _python(column: Column[object]) -> type:
    for kind, python in ((ARRAY, list), (BYTEA, bytes), (JSONB, dict)):
        if isinstance(column.type, kind):
            return python
    return column.type.python_type
