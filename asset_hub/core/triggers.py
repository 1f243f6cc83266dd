"""What the database itself keeps beside a table; and tables that only grow."""

from collections.abc import Iterable, Mapping

from sqlalchemy import DDL, Table, event


def append_only(table: Table, *, forgets: str = "") -> None:
    """Make a table append-only wherever it is created (migrations carry the same statements).

    `forgets` names the one column whose words may be emptied, when somebody is erased.
    """
    columns = [column.name for column in table.columns if column.name != forgets]
    made = forgetting_sql(table.name, forgets, columns) if forgets else append_only_sql(table.name)
    run_with(table, "after_create", made)


def run_with(table: Table, moment: str, statements: Mapping[str, Iterable[str]]) -> None:
    """Run statements, by dialect, whenever a table is made ("after_create") or "before_drop"."""
    for dialect, todo in statements.items():
        for statement in todo:
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, moment, ddl.execute_if(dialect=dialect))


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


def forgetting_sql(name: str, forgets: str, columns: list[str]) -> dict[str, list[str]]:
    """Return statements like `append_only_sql`'s, which let one column be emptied (NULL)."""
    found = append_only_sql(name)
    function, *rest = found["postgresql"]
    emptied = (
        f"TG_OP = 'UPDATE' AND NEW.{forgets} IS NULL "
        f"AND to_jsonb(NEW) - '{forgets}' = to_jsonb(OLD) - '{forgets}'"
    )
    # IF is not evaluated as one: NEW is only there for an UPDATE, so the test is nested
    check = f"BEGIN IF TG_OP = 'UPDATE' THEN IF {emptied} THEN RETURN NEW; END IF; END IF; RAISE"
    delete = next(each for each in found["sqlite"] if "_no_delete" in each)
    return {
        "sqlite": [
            delete,
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE OF {', '.join(columns)} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} only grows'); END",
            f"CREATE TRIGGER {name}_only_forgets BEFORE UPDATE OF {forgets} ON {name} "
            f"WHEN NEW.{forgets} IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{name} only grows'); END",
        ],
        "postgresql": [function.replace("BEGIN RAISE", check), *rest],
    }
