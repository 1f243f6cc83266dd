"""One import from its file to its report: claimed, gone through, decided, undone."""
