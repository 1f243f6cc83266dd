"""One community: its page, its week, what is missing, its map, and its champion's patch."""
