"""Pages of plans, task lists and place sets."""
