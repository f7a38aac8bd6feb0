// When to flush: as the phone comes online, as the app opens or returns, and by a timer that waits as long as it was told.

const EVERY = 60000;
const SOON = 2000;

/**
 * @param {import("./parts.js").Parts} parts
 * @param {(why: string) => Promise<import("./flush.js").Flushed>} flush
 * @param {(result: import("./flush.js").Flushed) => void} tell
 */
export function createTriggers({ environment, clock }, flush, tell) {
  const { page, document } = environment;
  let timer = null;
  let on = false;

  const again = (ms) => {
    environment.clearTimeout(timer);
    if (on) timer = environment.setTimeout(() => go("timer"), ms);
  };
  /** The next time by itself; another tab that sends now may just have missed what was kept. */
  const after = ({ again_in_ms, busy }) => again(busy ? SOON : again_in_ms === null ? EVERY : Math.max(1000, again_in_ms));
  async function go(why) {
    if (!on) return;
    try {
      const result = await flush(why);
      tell(result);
      after(result);
    } catch (error) {
      again(EVERY);
      throw error;
    }
  }
  const online = () => go("online");
  const shown = () => go("return");
  const seen = () => {
    if (document.visibilityState === "hidden") return clock.sleep();
    clock.wake();
    return go("return");
  };
  return {
    after,
    start() {
      if (on) return undefined;
      on = true;
      if (page) page.addEventListener("online", online), page.addEventListener("pageshow", shown);
      if (document) document.addEventListener("visibilitychange", seen);
      return go("open");
    },
    stop() {
      on = false;
      environment.clearTimeout(timer);
      if (page) page.removeEventListener("online", online), page.removeEventListener("pageshow", shown);
      if (document) document.removeEventListener("visibilitychange", seen);
    },
  };
}
