// How long to leave the server alone: growing pauses with jitter, or exactly as long as it said.

const FIRST = 5000;
const LONGEST = 600000;

/** @param {import("../environment.js").Environment} environment */
export function createPauses({ monotonic, random }) {
  let failures = 0;
  let until = 0;
  let told = false;
  return {
    get failures() {
      return failures;
    },
    /** Milliseconds still to wait; pressing the button skips a pause of ours, never one that the server asked for. */
    left: (byHand) => (byHand && !told ? 0 : Math.max(0, until - monotonic())),
    failed(told_ms = null) {
      failures += 1;
      told = told_ms !== null;
      const grown = Math.min(LONGEST, FIRST * 2 ** (failures - 1));
      const wait = told ? told_ms * (1 + random() / 10) : grown * (0.5 + random());
      until = monotonic() + wait;
      return wait;
    },
    worked() {
      failures = 0;
      until = 0;
      told = false;
    },
  };
}
