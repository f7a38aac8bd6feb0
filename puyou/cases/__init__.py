"""Cases: procedures as data, one write path, one read path, statutory clocks."""
