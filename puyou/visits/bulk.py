"""Importing a file of visits."""


def import_visits() -> None:
    """Placeholder until the importer stands."""
    raise NotImplementedError
