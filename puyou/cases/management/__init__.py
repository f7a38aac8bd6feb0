"""Management of the room of cases."""
