// Today's round on the phone: readable while locked, except what decisions and questions say.
import { today } from "../api/today.js";
import { me } from "../api/me.js";
import { isTrouble } from "../trouble.js";

/** @param {import("../outbox/parts.js").Parts & {receipts: ReturnType<import("../outbox/receipts.js").createReceipts>, own: () => Promise<{device: string, token: string}>}} parts */
export function createRound({ store, vault, clock, api, receipts, own, changed }) {
  const kept = () => store.read(["round"], (tx) => tx.get("round", "today"));

  async function keep({ data, etag }, device, hands) {
    const { questions = [], decisions = [], nonce, server_time, ...plain } = data;
    const sealed = await hands.seal({ questions, decisions }, "round:notes");
    await store.write(["round"], (tx) => tx.put("round", { name: "today", device, plain, sealed, etag, heard_at: clock.now() }));
    await receipts.hear(device, { nonce, server_time });
  }
  /** The round as it was, heard of again: only the nonce and the server's time are new. */
  async function keepAgain(before, device, { nonce, server_time }) {
    await store.write(["round"], (tx) => tx.put("round", { ...before, heard_at: clock.now() }));
    if (nonce) await receipts.hear(device, { nonce, server_time });
  }
  const shown = (row) => row && { ...row.plain, heard_at: row.heard_at };

  return {
    round: async () => shown(await kept()) || null,
    async notes() {
      const hands = vault.hold();
      const row = await kept();
      return row ? hands.open(row.sealed, "round:notes") : { questions: [], decisions: [] };
    },
    async refresh() {
      const hands = vault.hold();
      const { device, token } = await own();
      const before = await kept();
      const answer = await today(api, token, before && before.device === device ? before.etag : null);
      if (answer.data) await keep(answer, device, hands);
      else await keepAgain(before, device, answer);
      changed();
      return { round: shown(await kept()), changed: answer.data !== null };
    },
    /** The last answer of that month stands in while there is no signal. */
    async me(month = "") {
      const hands = vault.hold();
      const { device, token } = await own();
      const name = `me:${device}:${month}`;
      try {
        const data = await me(api, token, month);
        const heard_at = clock.now();
        const sealed = await hands.seal(data, name);
        await store.write(["state"], (tx) => tx.put("state", { name, sealed, heard_at }));
        return { data, heard_at, fresh: true };
      } catch (error) {
        const row = await store.read(["state"], (tx) => tx.get("state", name));
        if (!row || !(isTrouble(error, "network") || isTrouble(error, "timeout") || isTrouble(error, "server") || isTrouble(error, "busy"))) throw error;
        return { data: await hands.open(row.sealed, name), heard_at: row.heard_at, fresh: false };
      }
    },
  };
}
