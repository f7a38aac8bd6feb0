"""Commands of the room compliance, one module each."""
