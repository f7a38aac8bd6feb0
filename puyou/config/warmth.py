"""Opening what every page needs before the first visitor waits for it."""

import gc

import structlog
from django.db import Error, connection

from puyou.core.problems import Problem
from puyou.places import queries as places

log = structlog.get_logger(__name__)


def warm() -> None:
    """Open the tree, the code index and the finder; a site without a database yet starts all the same."""
    try:
        places.current_tree()
        places.code_index()
        places.search("北京")
    except (Error, Problem) as error:
        log.warning("not_warm", error=type(error).__name__)
    finally:
        connection.close()
        gc.freeze()  # what stands now stays: the collector need not walk it for every few hundred envelopes
