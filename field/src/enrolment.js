// Becoming a courier's phone, or a supervisor's: key and PIN are on the phone before the code is spent, so that a lost answer loses nothing.
import { enrol } from "./api/enrol.js";
import { makeKey } from "./crypto/keys.js";
import { randomName, readCode } from "./crypto/random.js";
import { tokensOf, tokensRow } from "./outbox/tokens.js";
import { Trouble } from "./trouble.js";

const CODE_LENGTH = 10;

/** @param {import("./outbox/parts.js").Parts} parts */
export function createEnrolment({ environment, store, vault, api, copy, changed }) {
  const { crypto } = environment;

  /** The key made for this code, or a new one. */
  async function begun(code) {
    const before = await store.read(["state"], (tx) => tx.get("state", "enrolment"));
    if (before && before.code === code) return before;
    const { phone } = (await store.read(["state"], (tx) => tx.get("state", "phone"))) || { phone: randomName(crypto) };
    const fresh = { name: "enrolment", code, device: `P-${randomName(crypto)}`, phone, ...(await makeKey(crypto)) };
    await store.write(["state"], async (tx) => {
      await tx.put("state", fresh);
      await tx.put("state", { name: "phone", phone }); // the same for whoever enrols here: two couriers on one phone are seen
    });
    return fresh;
  }

  /** The vault: a new one on a new phone; on a known one it must be open, and its PIN stays. */
  async function openVault(pin) {
    if (await vault.exists()) return { rows: [], recovery: null, hands: vault.hold(), enter: () => {} };
    return vault.make(pin);
  }

  const bind = ({ device, pair, key_id }, courier, role, rows) =>
    store.write(["state", "keys"], async (tx) => {
      for (const row of rows) await tx.put("state", row);
      await tx.put("keys", { device, key_id, pair });
      await tx.put("state", { name: "device", device, key_id, courier, role });
      await tx.drop("state", "enrolment");
      await tx.drop("state", "stopped");
    });

  return {
    /** @returns {Promise<{courier: {number: string, name: string}, recovery: string | null}>} */
    async enrol({ code: typed, pin, label = "", role = "courier" }) {
      const code = readCode(typed, CODE_LENGTH);
      if (!code) throw new Trouble("bad_code_form");
      vault.checkPin(pin);
      const { rows, recovery, hands, enter } = await openVault(pin);
      const started = await begun(code);
      const answer = await enrol({ crypto, api }, { ...started, label, role });
      if (answer.device !== started.device || typeof answer.token !== "string" || !answer.courier || !answer.nonce) throw new Trouble("server");
      const tokens = await tokensRow({ ...(await tokensOf(store, hands)), [started.device]: answer.token }, hands);
      const { nonce, server_time } = answer;
      const contact = { name: `contact:${started.device}`, device: started.device, nonce, server_time, heard_at: environment.wall() };
      await bind(started, answer.courier, role, [...rows, tokens, contact]);
      enter();
      copy.keepState();
      changed();
      return { courier: answer.courier, recovery };
    },
    /** This phone's device and token. Troubles `locked`, `not_enrolled` */
    async own() {
      const hands = vault.hold();
      const row = await store.read(["state"], (tx) => tx.get("state", "device"));
      const token = row && (await tokensOf(store, hands))[row.device];
      if (!token) throw new Trouble("not_enrolled");
      return { device: row.device, token };
    },
  };
}
