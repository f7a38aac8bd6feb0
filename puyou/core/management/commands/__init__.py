"""Commands of the room visits, one module each."""
