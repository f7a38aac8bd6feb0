// A voice note: recording starts at once and ends by a tap or after a minute.
import { h } from "./h.js";

const longest = 60;

/** Gives the hash of the recording that was held, or null. */
export async function recordVoice(app) {
  const recording = await app.phone.bridge.voice.record();
  const kept = await untilStopped();
  if (!kept) {
    recording.cancel();
    return null;
  }
  return app.phone.holdVoice(await recording.stop());
}

function untilStopped() {
  return new Promise((resolve) => {
    let seconds = 0;
    const shown = h("p", { class: "center figure", role: "timer" }, `正在录音 0 秒（最长 ${longest} 秒）`);
    const end = (kept) => {
      clearInterval(ticking);
      node.remove();
      resolve(kept);
    };
    const stop = h("button", { class: "button main", type: "button", onclick: () => end(true) }, "录好了");
    const cancel = h("button", { class: "button", type: "button", onclick: () => end(false) }, "取消");
    const node = h("div", { class: "dialog" }, h("div", { class: "card", role: "dialog", "aria-modal": "true", "aria-label": "语音备注" }, shown, stop, cancel));
    const ticking = setInterval(() => {
      seconds += 1;
      shown.textContent = `正在录音 ${seconds} 秒（最长 ${longest} 秒）`;
      if (seconds >= longest) end(true);
    }, 1000);
    document.body.append(node);
    stop.focus();
  });
}
