"""Clients that knock at a rate of their own, answered or not: separate processes, many connections.

Each process keeps its connections open and sends prepared requests at the moments it had decided before; a wait is
counted from that moment, so that a slow server cannot slow its own clients down and look quick.
"""

import asyncio
import multiprocessing
import re
import time
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from typing import Any

VILLAGE = re.compile(rb'"village":"(\d{12})"')
LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
PATIENCE = 60  # seconds for an answer


@dataclass
class Told:
    """What one process saw: seconds waited for each answer, with the moment it was due; accepted; what failed."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    accepted: int = 0
    acknowledged: list[tuple[float, str]] = field(default_factory=list)  # when, which village; where kept
    wrong: list[str] = field(default_factory=list)
    late: int = 0  # requests that found no free connection at their moment


def request_of(token: str, body: bytes, *, packed: bool) -> bytes:
    """A whole HTTP request for the front door."""
    head = (
        "POST /api/v1/envelopes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n"
    )
    return (head + ("Content-Encoding: gzip\r\n" if packed else "") + "\r\n").encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head.split(b" ", 2)[1]), body


async def _line(
    port: int, work: "asyncio.Queue[tuple[float, bytes] | None]", told: Told, began: float, keep: bool
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (item := await work.get()) is not None:
        due, request = item
        try:
            writer.write(request)
            status, body = await asyncio.wait_for(_answer(reader), PATIENCE)
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            told.wrong.append(type(error).__name__)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        told.waits.append((due - began, time.monotonic() - due))
        told.accepted += body.count(b'"status":"accepted"')
        if keep and b'"status":"accepted"' in body and (found := VILLAGE.search(request)):
            told.acknowledged.append((time.time(), found[1].decode()))
        if status != 200 or b'"refused"' in body:
            told.wrong.append(f"{status} {body[:120]!r}")
    writer.close()


async def _knock(port: int, connections: int, rate: float, requests: list[bytes], keep: bool) -> Told:
    told, work = Told(), asyncio.Queue()
    began = time.monotonic() + 0.2
    lines = [asyncio.create_task(_line(port, work, told, began, keep)) for _ in range(connections)]
    for at, request in enumerate(requests):
        due = began + at / rate
        rest = due - time.monotonic()
        if rest > 0:
            await asyncio.sleep(rest)
        told.late += work.qsize() > 0
        work.put_nowait((due, request))
    for _ in lines:
        work.put_nowait(None)
    await asyncio.gather(*lines)
    return told


def _process(make: Any, number: int, plan: dict[str, Any], start: Barrier, results: Any) -> None:
    requests = make(number, plan)
    start.wait()
    results.put(
        asyncio.run(
            _knock(
                plan["port"],
                plan["connections"] // plan["clients"],
                plan["rate"] / plan["clients"],
                requests,
                plan.get("keep", False),
            )
        )
    )


def knock(make: Any, plan: dict[str, Any]) -> dict[str, Any]:
    """Run ``plan["clients"]`` processes; ``make(number, plan)`` prepares what each sends. The run as a document.

    With ``plan["keep"]`` also when each single check-in was acknowledged, and of which village.
    """
    start, results = multiprocessing.Barrier(plan["clients"]), multiprocessing.Queue()
    processes = [
        multiprocessing.Process(target=_process, args=(make, number, plan, start, results))
        for number in range(plan["clients"])
    ]
    for process in processes:
        process.start()
    told = [results.get() for _ in processes]
    for process in processes:
        process.join()
    kept = {"acknowledged": [one for each in told for one in each.acknowledged]} if plan.get("keep") else {}
    return summed(told, plan) | kept


def summed(told: list[Told], plan: dict[str, Any]) -> dict[str, Any]:
    """Rates and waits of all processes together."""
    waits = sorted(wait for each in told for _, wait in each.waits)
    ends = [due + wait for each in told for due, wait in each.waits]
    seconds = max(ends) if ends else 0.0
    accepted = sum(each.accepted for each in told)

    def cut(share: float) -> float:
        return round(waits[min(len(waits) - 1, int(len(waits) * share))] * 1000, 1) if waits else 0.0

    return {
        "connections": plan["connections"],
        "asked_per_second": plan["rate"],
        "answered_per_second": round(len(waits) / seconds, 1) if seconds else 0,
        "visits_per_second": round(accepted / seconds) if seconds else 0,
        "accepted": accepted,
        "p50_ms": cut(0.5),
        "p95_ms": cut(0.95),
        "p99_ms": cut(0.99),
        "worst_ms": cut(1.0),
        "failed": sum(len(each.wrong) for each in told),
        "failures": sorted({words for each in told for words in each.wrong})[:5],
        "found_no_free_line": sum(each.late for each in told),
        "seconds": round(seconds, 1),
    }
