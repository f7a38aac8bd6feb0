"""What the check of proofs found, as columns for rooms that judge many visits at once."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from puyou.core import copying

AT_ONCE = 50_000
# Identities tell the month, so that one partition is asked for each id. The ids travel as one text of bytes.
ASKED = """
(SELECT row_number, encode(substr(bytes, row_number * 16 + 1, 16), 'hex')::uuid AS id
 FROM (SELECT '\\x{hexed}'::bytea AS bytes) b, generate_series(0, {last}) row_number) a
"""
FOUND = """
SELECT a.row_number, p.signature, p.chain, p.counter, coalesce(p.nonce_seconds::float8, 'NaN') AS nonce_seconds,
    coalesce(p.nonce_age, 'NaN') AS nonce_age
FROM {asked} JOIN ingest_identity i ON i.id = a.id
JOIN ingest_proof p ON p.envelope_id = i.id AND p.received_at = i.received_at
"""
WAITING = "SELECT a.row_number FROM {asked} JOIN ingest_pendingproof p ON p.envelope_id = a.id"
TYPES = {
    "row_number": "int4",
    "signature": "int2",
    "chain": "int2",
    "counter": "int8",
    "nonce_seconds": "float8",
    "nonce_age": "float8",
}


@dataclass(frozen=True)
class ProofColumns:
    """Aligned to the ids asked for.

    ``signature``: 0 none (or not checked yet), 1 valid, 2 invalid, 3 unknown_key. ``checked``: False while the check
    is still to come. ``chain``: 0 none, 1 first, 2 linked, 3 gap, 4 fork. ``counter``: −1 without proof.
    ``nonce_seconds``: the Unix moment of the nonce, ``nonce_age``: its age when it happened, by the corrected clock of
    the phone; NaN when there is none of ours.
    """

    signature: NDArray[np.int8]
    checked: NDArray[np.bool_]
    chain: NDArray[np.int8]
    nonce_age: NDArray[np.float64]
    counter: NDArray[np.int64]
    nonce_seconds: NDArray[np.float64]


def proofs_of(ids: NDArray[np.uint8]) -> ProofColumns:
    """What is known of the proofs of envelopes, ``ids`` uint8[n, 16]; ids nobody sent have none."""
    ids = np.ascontiguousarray(ids, np.uint8).reshape(-1, 16)
    columns = _unknown(len(ids))
    for start in range(0, len(ids), AT_ONCE):
        _fill(columns, ids[start : start + AT_ONCE], start)
    return columns


def _unknown(count: int) -> ProofColumns:
    return ProofColumns(
        signature=np.zeros(count, np.int8),
        checked=np.ones(count, bool),
        chain=np.zeros(count, np.int8),
        nonce_age=np.full(count, np.nan),
        counter=np.full(count, -1, np.int64),
        nonce_seconds=np.full(count, np.nan),
    )


def _fill(columns: ProofColumns, ids: NDArray[np.uint8], start: int) -> None:
    # Asked before the proofs: what is checked in between is then found checked or waiting, never lost.
    asked = ASKED.format(hexed=ids.tobytes().hex(), last=len(ids) - 1)
    waiting = copying.copy_out(WAITING.format(asked=asked), {"row_number": "int4"})["row_number"] + start
    found = copying.copy_out(FOUND.format(asked=asked), TYPES)
    columns.checked[waiting] = False
    rows = found.pop("row_number") + start
    columns.checked[rows] = True
    for field in fields(columns):
        if field.name in found:
            getattr(columns, field.name)[rows] = found[field.name]
