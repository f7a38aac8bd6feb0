// Life of the open app: addresses that change, facts that change, coming back, and locking after a long absence.
import { dayOf } from "../ui/times.js";
import { senses } from "./senses.js";

const lockAfter = 10 * 60_000;
const tick = 30_000;

export async function begin(app) {
  const { phone } = app;
  let day = dayOf(Date.now());
  let leftAt = null;

  /** Once after each opening with the PIN: fetch the day, send what waits. */
  app.opened = async () => {
    phone.start();
    phone.flush("open");
    await quietly(() => phone.refresh());
    await quietly(() => phone.checkVersion());
  };

  addEventListener("hashchange", () => changed(app));
  phone.on("change", once(() => app.refresh()));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leftAt = Date.now();
    awake(app, leftAt);
  });
  setInterval(() => {
    if (document.hidden) return;
    if (dayOf(Date.now()) !== day) {
      day = dayOf(Date.now());
      app.opened();
    }
    app.refresh();
  }, tick);
  await app.show();
  if (app.status.enrolled && !app.status.locked) app.opened();
}

function changed(app) {
  const turned = /^#\/?practice/.test(location.hash) !== app.practice && /^#\/?practice/.test(location.hash);
  if (turned) location.reload();
  else app.show();
}

async function awake(app, leftAt) {
  const { phone } = app;
  const status = await phone.status();
  if (!status.enrolled || status.locked) return;
  if (!document.hidden && leftAt && Date.now() - leftAt > lockAfter && !app.practice) {
    await phone.lock();
    return app.show();
  }
  if (status.role !== "supervisor") await senses(app, await phone.list({ limit: 200 }));
  if (!document.hidden) await app.refresh();
}

/** Many changes in a row are one. */
function once(act) {
  let waiting = null;
  return () => {
    if (!waiting) waiting = setTimeout(() => ((waiting = null), act()), 60);
  };
}

/** What needs the network and may fail: the status line tells what waits, nothing else is lost. */
async function quietly(act) {
  try {
    await act();
  } catch (error) {
    if (!error.code) throw error;
  }
}
