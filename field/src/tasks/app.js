// The app while it is open: one phone, one frame, the screen that is shown, and what every screen may ask of it.
import { isTrouble } from "../trouble.js";
import { badge, frameScreen, frameWays, makeFrame } from "../ui/frame.js";
import { fill, h } from "../ui/h.js";
import { showStatus } from "../ui/status.js";
import { passToast, toast } from "../ui/toast.js";
import { gate } from "./gate.js";
import { screenOf } from "./screens.js";
import { parseRoute } from "./route.js";
import { tell } from "./tell.js";

export function makeApp(root, phone, { practice = false } = {}) {
  const frame = makeFrame(root);
  const app = { phone, practice, frame, screen: null, status: null, said: {} };
  let turn = 0;

  app.go = (hash) => {
    if (location.hash === hash) app.show();
    else location.hash = hash;
  };
  app.say = (text, action) => toast(frame, text, action);

  /** Show the screen that the address asks for; the later of two calls wins. */
  app.show = async () => {
    const mine = (turn += 1);
    const route = parseRoute(location.hash);
    app.status = await phone.status();
    const name = gate(route.name, app.status);
    const make = screenOf(name, app.status.role);
    const screen = await guarded(app, () => make(app, route), name);
    if (mine !== turn) {
      if (screen && screen.leave) screen.leave();
      return;
    }
    if (app.screen && app.screen.leave) app.screen.leave();
    app.screen = { name, ...screen };
    frameWays(frame, app.status.role);
    frameScreen(frame, app.screen);
    passToast();
    await app.refresh();
  };

  /** Bring the status line and what the screen can bring up to date. */
  app.refresh = async () => {
    const { status } = await showStatus(frame.status, phone);
    app.status = status;
    if (!status.locked && status.enrolled) badge(frame, "messages", await openQuestions(phone, status.role));
    if (app.screen && app.screen.update) await app.screen.update();
  };

  /** Do something; what goes wrong is told in Chinese, with what is safe and what to do. Gives undefined then. */
  app.attempt = async (act) => {
    try {
      return await act();
    } catch (error) {
      await tell(app, error);
      return undefined;
    }
  };

  if (practice) showPractice(frame);
  return app;
}

/** What waits for an answer: the desk's questions to a courier, results that a supervisor may judge. */
async function openQuestions(phone, role) {
  if (role !== "supervisor") return (await phone.notes()).questions.length;
  const day = await phone.watch();
  return (day ? day.reports : []).filter((one) => one.may_rate && !one.score).length;
}

async function guarded(app, make, name) {
  try {
    return await make();
  } catch (error) {
    if (!isTrouble(error)) throw error;
    if (error.code === "storage_full") tell(app, error);
    return { title: "打不开", back: name === "round" ? null : "#/", body: [h("p", { class: "notice danger" }, error.message)] };
  }
}

function showPractice(frame) {
  frame.band.hidden = false;
  const leave = () => {
    sessionStorage.removeItem("practice");
    location.hash = "";
    location.reload();
  };
  fill(frame.band, h("span", {}, "练习：什么都不会上传"), h("button", { type: "button", onclick: leave }, "退出练习"));
}
