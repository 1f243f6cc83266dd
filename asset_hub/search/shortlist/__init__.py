"""A visitor's list of groups: kept in their own browser, taken along on paper, by mail, by code."""
