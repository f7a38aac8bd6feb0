// A newer app is told of, kindly: it waits until the courier says so, and an old one keeps working.
import { button, notice } from "../ui/parts.js";
import { APP } from "../version.js";

export async function watchUpdates(app) {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
    watch(app, registration);
    setInterval(() => navigator.onLine && registration.update().catch(() => undefined), 3_600_000);
  } catch {
    return; // without the worker the app works while there is signal
  }
}

function watch(app, registration) {
  const offer = () => registration.waiting && navigator.serviceWorker.controller && offerTo(app, registration);
  offer();
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    if (fresh) fresh.addEventListener("statechange", offer);
  });
}

function offerTo(app, registration) {
  app.update = () => takeOver(registration);
  app.refresh();
}

function takeOver(registration) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  registration.waiting.postMessage("take over");
}

/** Pure: what to say of the server's word on versions, or null. */
export function updateWords(told, own = APP) {
  if (!told) return null;
  if (told.minimum > own) return { title: "这一版太旧了，请更新", text: told.message || "更新后再打卡更稳当。记录不会丢，不更新也先存得下。", must: true };
  return told.current > own ? { title: "有新版本", text: told.message || "更新只要几秒，记录不会丢。", must: false } : null;
}

/** The notice on today's list. */
export function updateNotice(app) {
  const words = updateWords(app.status && app.status.app);
  if (!words && !app.update) return null;
  const { title, text } = words ?? { title: "有新版本", text: "更新只要几秒，记录不会丢。" };
  return notice(title, text, words && words.must ? "warning" : "", button("更新", () => (app.update ? app.update() : location.reload())));
}
