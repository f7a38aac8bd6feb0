"""Holds the commands of the room, where Django looks for them."""
