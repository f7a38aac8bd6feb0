// A supervisor's day on the phone: all of it sealed, for it tells who somebody is and what they reported.
import { watchDay, watchPlaces } from "../api/watch.js";

const NAME = "watch";

/** @param {import("../outbox/parts.js").Parts & {receipts: ReturnType<import("../outbox/receipts.js").createReceipts>, own: () => Promise<{device: string, token: string}>}} parts */
export function createWatch({ store, vault, clock, api, receipts, own, changed }) {
  const kept = () => store.read(["round"], (tx) => tx.get("round", NAME));
  const put = (row) => store.write(["round"], (tx) => tx.put("round", { ...row, heard_at: clock.now() }));

  /** The day last heard, with `heard_at`; null before the first. */
  async function day() {
    const hands = vault.hold();
    const row = await kept();
    return row ? { ...(await hands.open(row.sealed, NAME)), heard_at: row.heard_at } : null;
  }

  return {
    day,
    async refresh() {
      const hands = vault.hold();
      const { device, token } = await own();
      const before = await kept();
      const answer = await watchDay(api, token, before && before.device === device ? before.etag : null);
      const { nonce, server_time, ...told } = answer.data || answer;
      if (answer.data) await put({ name: NAME, device, etag: answer.etag, sealed: await hands.seal(told, NAME) });
      else await put(before);
      if (nonce) await receipts.hear(device, { nonce, server_time });
      changed();
      return { round: await day(), changed: answer.data !== null };
    },
    find: async (text) => watchPlaces(api, (await own()).token, text),
  };
}
