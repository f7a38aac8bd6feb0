"""Pages of the room, and the lock that every page of the product has."""
