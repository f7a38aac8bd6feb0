"""The wall screen of a place: its map, a few figures, targets, what happened lately; each leads to its list."""
