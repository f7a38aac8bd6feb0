"""What becomes of a closed case: its archive, which anybody can verify, and how long it is kept."""
