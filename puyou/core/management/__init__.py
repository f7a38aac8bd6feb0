"""Commands of the room visits."""
