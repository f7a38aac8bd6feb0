// The camera sheet: a photo is taken inside the app; where the live camera is refused, the phone's own camera stands in.
import { isTrouble } from "../trouble.js";
import { told } from "./dialog.js";
import { h } from "./h.js";

const refusals = {
  camera_denied: "没有相机权限。请在手机设置里允许，或改用手机自带的相机拍。没有照片也可以完成到村记录。",
  no_camera: "这里打不开相机画面，请改用手机自带的相机拍。没有照片也可以完成到村记录。",
};

/** Gives what was held (`{sha256, role, taken_at}`), or null when nothing was taken. */
export async function takePhoto(app, role, words) {
  const captured = await capture(app.phone.bridge.camera, words);
  return captured ? app.phone.holdPhoto(captured, role) : null;
}

async function capture(camera, words) {
  const video = h("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "相机画面" });
  const sheet = makeSheet(video, words);
  document.body.append(sheet.node);
  let live = null;
  try {
    live = await camera.preview(video);
    sheet.ready();
    return await shots(sheet, live, camera);
  } catch (error) {
    if (!refusals[error.code]) throw error;
    sheet.node.remove();
    return withoutPreview(camera, refusals[error.code]);
  } finally {
    if (live) live.stop();
    sheet.node.remove();
  }
}

function makeSheet(video, words) {
  const say = h("p", { class: "say", role: "status" }, "正在打开相机 …");
  const snap = h("button", { class: "button main", type: "button", disabled: true }, "拍照");
  const leave = h("button", { class: "button", type: "button" }, "取消");
  const own = h("button", { class: "button", type: "button" }, "换相机");
  const node = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": words }, video, h("div", { class: "tools" }, leave, snap, own), say);
  const ready = () => {
    say.textContent = words;
    snap.disabled = false;
    snap.focus();
  };
  return { node, snap, leave, own, ready };
}

function shots(sheet, live, camera) {
  return new Promise((resolve, reject) => {
    sheet.snap.onclick = () => {
      sheet.snap.disabled = true;
      Promise.resolve(live.snap()).then(resolve, reject);
    };
    sheet.leave.onclick = () => resolve(null);
    sheet.own.onclick = () => Promise.resolve(camera.take()).then(resolve, reject);
  });
}

async function withoutPreview(camera, why) {
  await told("相机", why);
  try {
    return await camera.take();
  } catch (error) {
    if (!isTrouble(error)) throw error;
    await told("没有拍成", error.message);
    return null;
  }
}
