"""One batch of records and the database: completed, compared, written, closed, put back."""
