// Receipts: the only thing that takes an envelope out of the line, written in one transaction for a batch.

/** @param {import("./parts.js").Parts} parts */
export function createReceipts({ store, clock, copy, changed }) {
  /** What is written for one row. */
  async function noted(row, text, receipt, hands) {
    if (receipt.status === "refused") {
      const { code, field, message } = receipt;
      return { id: row.id, refusal: await hands.seal({ code, field, message }, `${row.id}:refusal`) };
    }
    const { kind, happened_at, payload } = JSON.parse(text);
    const sealed = await hands.seal({ kind, happened_at, village: payload.village || null }, `${row.id}:receipt`);
    return { id: row.id, kept: { id: row.id, device: row.device, at: clock.now(), ...receipt, sealed } };
  }

  const write = (notes) =>
    store.write(["outbox", "receipts"], async (tx) => {
      for (const { id, kept, refusal } of notes) {
        const row = await tx.get("outbox", id);
        if (!row || row.status === "kept") continue;
        if (kept) await tx.put("receipts", kept);
        const receipt = kept ? { status: kept.status, received_at: kept.received_at } : null;
        await tx.put("outbox", { ...row, status: kept ? "kept" : "refused", receipt, refusal: refusal || null });
      }
    });

  return {
    /** @param {{row: import("./parts.js").Row, text: string}[]} sent @param {(object | null)[]} receipts */
    async take(sent, receipts, hands) {
      const pairs = sent.map((item, at) => ({ ...item, receipt: receipts[at] })).filter(({ receipt }) => receipt);
      const notes = await Promise.all(pairs.map(({ row, text, receipt }) => noted(row, text, receipt, hands)));
      await write(notes);
      copy.drop(notes.filter((note) => note.kept).map((note) => note.id));
      changed();
      return { kept: notes.filter((note) => note.kept).length, refused: notes.filter((note) => note.refusal).length };
    },
    /** The nonce of the last contact; the next envelopes carry it. */
    async hear(device, data) {
      if (!data || typeof data.nonce !== "string" || !data.nonce) return;
      const { nonce, server_time } = data;
      await store.write(["state"], (tx) => tx.put("state", { name: `contact:${device}`, device, nonce, server_time: server_time || null, heard_at: clock.now() }));
    },
  };
}
