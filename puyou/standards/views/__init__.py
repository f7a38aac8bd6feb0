"""Pages of rules and of the calendar."""
