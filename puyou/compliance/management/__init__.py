"""Commands of the room compliance."""
