"""Administrative divisions as a tree with history."""
