"""Plans with their indicators, the task lists of a year, and the lists of places that both are read by."""
