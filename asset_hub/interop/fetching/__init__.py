"""Reading a feed from another site: which addresses, how much of it, page after page."""
