"""A seeded nation that acts through the front door."""
