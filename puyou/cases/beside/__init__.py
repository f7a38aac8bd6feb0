"""What stands beside a case's way: notes, ties to other cases, moves between offices."""
