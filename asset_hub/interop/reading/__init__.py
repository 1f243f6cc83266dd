"""From a file to records: opening it, its format, its columns, cleaning. No database here."""
