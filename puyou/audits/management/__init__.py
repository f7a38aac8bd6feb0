"""Commands of the room audits."""
