"""How many proofs a second one core checks: `make bench NAME=proofs`.

Signs real-looking visits with many keys, verifies them as the job does after acceptance (reading the body, cutting
the signing text, hashing, ECDSA P-256), and prints one JSON document; beside it what OpenSSL's verification alone
takes for the same signatures, and what judging their chains takes. No database.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puyou.config.settings")

from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from puyou.ingest import base64url, canonical, chains, keys, proofs
from puyou.ingest.chains import Link
from puyou.ingest.tests.signing import Signer, written


def visit(phone: int, number: int) -> dict[str, Any]:
    """A visit as the field app writes it, about 1 KiB when signed."""
    at = f"2026-11-20T10:{number % 60:02d}:00+08:00"
    return {
        "schema": 1,
        "id": f"019a9c3e-7c00-7a11-8b22-{phone:06x}{number:06x}",
        "kind": "visit",
        "happened_at": at,
        "device": f"P-{phone:022d}",
        "source": "app",
        "payload": {
            "village": f"520102{number % 1000:06d}",
            "position": {"lon": 106.7134, "lat": 26.5731, "accuracy_m": 12.5, "fixed_at": at},
            "handed": {"letters": number % 9, "newspapers": 1},
            "nothing_today": False,
            "mode": "point",
            "receiver": "committee",
            "photos": [{"sha256": f"{number:064x}", "role": "slip", "taken_at": at}],
            "clock": {"session": "aGVsbG8td29ybGQ", "monotonic_ms": number * 1000, "wall_jump_ms": 3},
            "approach": [[-60 + 10 * step, 106.71 + step / 1000, 26.57, 9.5] for step in range(6)],
            "integrity": {"shell": "web", "mock": None, "rooted": None},
        },
    }


def signed_bodies(phones: int, each: int) -> tuple[list[bytes], list[Signer]]:
    """Stored bodies of chains of visits, and who signed them."""
    signers = [Signer() for _ in range(phones)]
    nonce = "A" * 32
    made = [signer.prove(visit(n, k), nonce) for n, signer in enumerate(signers) for k in range(each)]
    return [canonical.spell(written(envelope))[1] for envelope in made], signers


def rate(count: int, work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Units a second of processor time (or by another clock), the best of three."""
    best = 0.0
    for _ in range(3):
        began = clock()
        work()
        best = max(best, count / (clock() - began))
    return round(best)


def raw_verification(bodies: list[bytes], known: dict[str, keys.PublicKey]) -> Callable[[], None]:
    """OpenSSL's verification alone, everything around it done beforehand."""
    ready = []
    for body in bodies:
        proof, text = proofs.read(body), proofs.signing_text(body)
        assert proof is not None and text is not None
        raw = base64url.decode(proof.said.signature, 64) or b""
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        ready.append((known[proof.said.key_id], der, text))
    algorithm = ECDSA(SHA256())

    def work() -> None:
        for key, der, text in ready:
            key.verify(der, text, algorithm)

    return work


def links_of(bodies: list[bytes]) -> list[Link]:
    """The links of the chains."""
    found = []
    for body in bodies:
        proof = proofs.read(body)
        assert proof is not None
        phone = int(proof.device[2:])
        found.append(Link(phone, proof.key_id, proof.counter, canonical.digest(body), proof.prev, True))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--phones", type=int, default=500)
    parser.add_argument("--each", type=int, default=20)
    options = parser.parse_args()
    bodies, signers = signed_bodies(options.phones, options.each)
    known = proofs.public_keys([signer.jwk for signer in signers])
    states = proofs.verify_many(bodies, known)
    links = links_of(bodies)
    cpu = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    )
    print(
        json.dumps(
            {
                "proofs_per_second": rate(len(bodies), lambda: proofs.verify_many(bodies, known)),
                "proofs_per_second_by_wall": rate(
                    len(bodies), lambda: proofs.verify_many(bodies, known), time.perf_counter
                ),
                "openssl_verifications_per_second": rate(len(bodies), raw_verification(bodies, known)),
                "chain_links_per_second": rate(len(links), lambda: chains.states(links)),
                "valid": int((states == proofs.VALID).sum()),
                "proofs": len(bodies),
                "keys": len(signers),
                "bytes_each": round(sum(map(len, bodies)) / len(bodies)),
                "threads": 1,
                "rates": "per second of processor time of one core, unless by wall",
                "best_of": 3,
                "openssl": backend.openssl_version_text(),
                "load_before": round(os.getloadavg()[2], 2),
                "cpus": os.cpu_count(),
                "cpu": cpu.partition(":")[2].strip(),
            }
        )
    )


if __name__ == "__main__":
    main()
