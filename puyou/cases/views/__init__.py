"""Pages of the room cases: lists, one case, what may be done with it, procedures."""
