// Opens the app: the look, the phone, the frame, and the shell's worker. Nothing here waits for the network.
import { openPhone } from "./phone.js";
import { makeApp } from "./tasks/app.js";
import { begin } from "./tasks/begin.js";
import { cannotOpen } from "./tasks/closed.js";
import { watchUpdates } from "./tasks/update.js";
import { followThePhone } from "./ui/settings.js";

async function open() {
  followThePhone();
  const root = document.getElementById("app");
  const practice = practising();
  try {
    const phone = practice ? await (await import("./tasks/practice.js")).practicePhone() : await openPhone();
    const app = makeApp(root, phone, { practice });
    await begin(app);
    watchUpdates(app);
  } catch (error) {
    cannotOpen(root, error);
  }
}

/** #practice turns it on for this tab, until it is left. */
function practising() {
  try {
    if (/^#\/?practice/.test(location.hash)) sessionStorage.setItem("practice", "1");
    return sessionStorage.getItem("practice") === "1";
  } catch {
    return /^#\/?practice/.test(location.hash);
  }
}

open();
