// The phone's two clocks: the one people set, watched by the one they cannot; and what the server's says beside them.
import { randomName } from "../crypto/random.js";

/** @param {import("../environment.js").Environment} environment */
export function createClock(environment) {
  const session = randomName(environment.crypto);
  const start = both();
  let slept = 0;
  let asleep = null;
  let heard = null;

  function both() {
    return { wall: environment.wall(), monotonic: environment.monotonic() };
  }
  /** How much further the wall clock went than the other one between two readings. */
  const apart = (from, to) => to.wall - from.wall - (to.monotonic - from.monotonic);

  return {
    session,
    now: () => environment.wall(),
    monotonic: () => environment.monotonic(),
    /** RFC 3339 with the phone's offset; a clock before 1970 is said to be at 1970. @param {number} [wall] */
    moment: (wall = environment.wall()) => moment(wall, environment.offset()),
    /** The payload's `clock`. @returns {{session: string, monotonic_ms: number, wall_jump_ms: number}} */
    mark() {
      const now = both();
      const monotonic_ms = Math.round(now.monotonic - start.monotonic + slept);
      return { session, monotonic_ms, wall_jump_ms: Math.round(apart(start, now) - slept) };
    },
    /** The page is hidden: phones stop the second clock while they sleep, so a wall clock running on is no jump. */
    sleep() {
      asleep = both();
    },
    wake() {
      if (asleep) slept += Math.max(0, apart(asleep, both()));
      asleep = null;
    },
    /** @param {string} serverTime RFC 3339, from an answer that was asked for `took_ms` ago */
    hear(serverTime, took_ms = 0) {
      const server = Date.parse(serverTime);
      if (Number.isFinite(server)) heard = { server: server + took_ms / 2, ...both() };
    },
    /** Milliseconds that the wall clock is ahead of the server's, as far as is known in this session, else null. */
    skew() {
      return heard && environment.wall() - (heard.server + environment.monotonic() - heard.monotonic);
    },
  };
}

/** @param {number} wall @param {number} offset minutes */
export function moment(wall, offset) {
  const held = Math.max(0, Math.floor(wall));
  const minutes = Math.abs(offset);
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const local = new Date(held + offset * 60000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
