"""Pages of the portal: those for everybody, and those of the office that opens them."""
