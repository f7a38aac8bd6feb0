"""Evidence: photos and voice notes from the field: kept by their hash, compared, shown only on record."""
