"""What of a closed case everybody may read: a frozen snapshot, approved by a person, taken back with a ground."""
