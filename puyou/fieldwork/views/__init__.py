"""Pages of the room: the app as it is served, and the county's desk."""
