// What opens with the PIN: holds the data key while unlocked, seals and opens everything that is not for every eye.
import { keyOfCode, isPin, triesLeft, unwrapByPin, waitAfter, wrapByPin } from "../crypto/pin.js";
import { grouped, randomBytes, randomCode, readCode } from "../crypto/random.js";
import { openBytes, openValue, sealBytes, sealingKey, sealValue } from "../crypto/sealed.js";
import { Trouble, unlessFull } from "../trouble.js";

const RECOVERY_LENGTH = 25;

/**
 * @typedef {object} Hands  sealing and opening with the data key, as long as one holds them
 * @property {(value: any, name: string) => Promise<import("../crypto/sealed.js").Sealed>} seal
 * @property {(sealed: any, name: string) => Promise<any>} open
 * @property {(bytes: Uint8Array, name: string) => Promise<import("../crypto/sealed.js").Sealed>} sealBytes
 * @property {(sealed: any, name: string) => Promise<Uint8Array>} openBytes
 */

/** @param {import("../environment.js").Environment} environment @param {Awaited<ReturnType<import("./db.js").openStore>>} store */
export function createVault(environment, store) {
  const { crypto } = environment;
  let hands = null;
  let counting = { wrong: null, since: environment.monotonic() };

  const enter = async (bytes) => (hands = handsOf(crypto, await sealingKey(crypto, bytes)));
  const row = () => store.read(["state"], (tx) => tx.get("state", "pin"));
  const needed = async () => (await row()) || fail("not_enrolled");

  /** Count the try before it is made, so that killing the app does not make it free. */
  const countTry = async () => {
    const before = await needed();
    if (counting.wrong !== before.wrong) counting = { wrong: before.wrong, since: counting.wrong === null ? counting.since : environment.monotonic() };
    const left = waitAfter(before.wrong) - (environment.monotonic() - counting.since);
    if (left > 0) throw new Trouble("wait", { wait_ms: Math.ceil(left) }, `密码输错次数太多，请 ${Math.ceil(left / 1000)} 秒后再试。`);
    const wrong = await unlessFull(setWrong((known) => known + 1)); // a full phone must open all the same
    if (wrong !== null) counting = { wrong, since: environment.monotonic() };
    return before;
  };
  const setWrong = (change) =>
    store.write(["state"], async (tx) => {
      const now = await tx.get("state", "pin");
      await tx.put("state", { ...now, wrong: change(now.wrong) });
      return change(now.wrong);
    });
  const forgive = async () => {
    await unlessFull(setWrong(() => 0));
    counting = { wrong: 0, since: environment.monotonic() };
  };
  const opened = async (pin) => {
    const wrapping = await countTry();
    const bytes = await unwrapByPin(crypto, wrapping, pin);
    if (bytes) return await forgive(), bytes;
    throw new Trouble("wrong_pin", { left: triesLeft(counting.wrong), wait_ms: waitAfter(counting.wrong) });
  };
  const newPin = async (pin, bytes) => ({ name: "pin", wrong: 0, ...(await wrapByPin(crypto, bytes, pin, environment.iterations)) });

  return {
    get locked() {
      return hands === null;
    },
    /** @returns {Hands} Trouble `locked` */
    hold: () => hands || fail("locked"),
    exists: async () => Boolean(await row()),
    checkPin: (pin) => isPin(pin) || fail("bad_pin"),
    /** A new data key: rows to be stored with whatever else belongs to the same step. */
    async make(pin) {
      const raw = randomBytes(crypto, 32);
      const recovery = randomCode(crypto, RECOVERY_LENGTH);
      const wrapped = await sealBytes(crypto, await keyOfCode(crypto, recovery, "recovery"), raw, "recovery");
      const rows = [await newPin(pin, raw), { name: "recovery", wrapped }];
      const fresh = handsOf(crypto, await sealingKey(crypto, raw));
      return { rows, recovery: grouped(recovery), hands: fresh, enter: () => (hands = fresh) };
    },
    unlock: async (pin) => void (await enter(await opened(pin))),
    lock: () => void (hands = null),
    async changePin(old, pin) {
      if (!isPin(pin)) fail("bad_pin");
      const bytes = await opened(old);
      const fresh = await newPin(pin, bytes);
      await store.write(["state"], (tx) => tx.put("state", fresh));
      await enter(bytes);
    },
    async recover(typed, pin) {
      if (!isPin(pin)) fail("bad_pin");
      await countTry();
      const code = readCode(typed, RECOVERY_LENGTH) || fail("wrong_recovery");
      const kept = await store.read(["state"], (tx) => tx.get("state", "recovery"));
      const key = await keyOfCode(crypto, code, "recovery");
      const bytes = await openBytes(crypto, key, kept.wrapped, "recovery").catch(() => fail("wrong_recovery"));
      const fresh = await newPin(pin, bytes);
      await store.write(["state"], (tx) => tx.put("state", fresh));
      counting = { wrong: 0, since: environment.monotonic() };
      await enter(bytes);
    },
  };
}

/** @returns {Hands} */
function handsOf(crypto, key) {
  return {
    seal: (value, name) => sealValue(crypto, key, value, name),
    open: (sealed, name) => openValue(crypto, key, sealed, name),
    sealBytes: (bytes, name) => sealBytes(crypto, key, bytes, name),
    openBytes: (sealed, name) => openBytes(crypto, key, sealed, name),
  };
}

function fail(code) {
  throw new Trouble(code);
}
