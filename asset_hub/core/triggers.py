"""Tables that only grow: the database itself refuses to change or delete their rows."""

from sqlalchemy import DDL, Table, event


def append_only(table: Table) -> None:
    """Make a table append-only wherever it is created (migrations carry the same statements)."""
    for dialect, statements in append_only_sql(table.name).items():
        for statement in statements:
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def append_only_sql(name: str) -> dict[str, list[str]]:
    """Return the statements, by dialect, that refuse UPDATE and DELETE on a table."""
    body = f"BEGIN RAISE EXCEPTION '{name} only grows'; END"
    return {
        "sqlite": [
            f"CREATE TRIGGER {name}_no_{verb} BEFORE {verb.upper()} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} only grows'); END"
            for verb in ("update", "delete")
        ],
        "postgresql": [
            f"CREATE OR REPLACE FUNCTION {name}_only_grows() RETURNS trigger AS $$ {body} $$ "
            "LANGUAGE plpgsql",
            f"CREATE TRIGGER {name}_only_grows BEFORE UPDATE OR DELETE ON {name} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}_only_grows()",
            f"CREATE TRIGGER {name}_never_empties BEFORE TRUNCATE ON {name} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_only_grows()",
        ],
    }
