"""Words for how an import stands."""

from asset_hub.interop.models import ImportRun, Outcome, Stage

STAGES = {
    Stage.MAPPING: "Needs its columns", Stage.CHECKING: "Being looked at",
    Stage.READY: "Waits for your yes", Stage.IMPORTING: "Being imported",
    Stage.DONE: "Imported", Stage.UNDOING: "Being undone", Stage.UNDONE: "Undone",
    Stage.FAILED: "Did not work", Stage.DROPPED: "Not imported",
}  # fmt: skip
STAGE_COLOURS = {
    Stage.MAPPING: "sun", Stage.CHECKING: "blue", Stage.READY: "sun", Stage.IMPORTING: "blue",
    Stage.DONE: "green", Stage.UNDOING: "blue", Stage.UNDONE: "grey", Stage.FAILED: "red",
    Stage.DROPPED: "grey",
}  # fmt: skip
WORDS = {
    Outcome.ADDED: "new", Outcome.UPDATED: "changed", Outcome.KEPT: "kept as changed here",
    Outcome.UNCHANGED: "the same as before", Outcome.REFUSED: "refused",
    Outcome.SKIPPED: "left out by you",
    Outcome.REPEATED: "the same as another row", Outcome.GONE: "no longer in the file",
    Outcome.CLOSED: "no longer in the file, and closed",
}  # fmt: skip
TITLES = {
    Outcome.ADDED: "New", Outcome.UPDATED: "Changed", Outcome.KEPT: "Kept as changed here",
    Outcome.UNCHANGED: "The same as before", Outcome.REFUSED: "Refused",
    Outcome.SKIPPED: "Left out by you",
    Outcome.REPEATED: "The same as another row", Outcome.GONE: "No longer in the file",
    Outcome.CLOSED: "Closed: no longer in the file",
}  # fmt: skip
FACTS = {
    Outcome.KEPT: "Somebody has changed these here since they were imported. The import leaves"
    " them alone. On the left is what stands here, on the right what the file says.",
    Outcome.REFUSED: "These rows could not be read as a group. Everything else is not held up.",
    Outcome.GONE: "These came from here before, and the file has them no more. They stay as they"
    " are, unless you choose to close them.",
    Outcome.REPEATED: "A row that says the same as an earlier one counts once.",
}


def progress(run: ImportRun) -> int:
    """Return how much of the present stage is done, in percent."""
    return min(100, run.position * 100 // run.total) if run.total else 0
