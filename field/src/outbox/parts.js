// What the parts of the outbox share: handed to each when the phone is put together.

/**
 * @typedef {object} Parts
 * @property {import("../environment.js").Environment} environment
 * @property {Awaited<ReturnType<import("../store/db.js").openStore>>} store
 * @property {ReturnType<import("../store/vault.js").createVault>} vault
 * @property {ReturnType<import("../store/locks.js").createLocks>} locks
 * @property {ReturnType<import("./clock.js").createClock>} clock
 * @property {ReturnType<import("../api/request.js").createApi>} api
 * @property {ReturnType<import("../store/copy.js").createCopy>} copy
 * @property {() => void} changed  tells screens in every tab that something moved
 *
 * @typedef {"waiting" | "sending" | "kept" | "refused"} Status
 *
 * @typedef {object} Row  one envelope in the outbox
 * @property {string} id
 * @property {string} device
 * @property {string} courier  whose: another courier's on this phone are sent, not shown
 * @property {number} counter
 * @property {number} turn  its place in the line
 * @property {string} digest
 * @property {number} bytes
 * @property {string[]} photos  names of the bytes it speaks of
 * @property {Status} status
 * @property {number} at  the wall clock when it was stored
 * @property {{status: string, received_at: string} | null} receipt
 * @property {import("../crypto/sealed.js").Sealed | null} refusal
 * @property {import("../crypto/sealed.js").Sealed} sealed  the canonical text
 */
export const UNSENT = ["waiting", "sending"];
