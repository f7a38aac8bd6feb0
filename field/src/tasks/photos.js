// Photos of a form: taken in the app, held by their hash, shown small, dropped again while nothing names them.
import { h, fill } from "../ui/h.js";
import { icon } from "../ui/icon.js";
import { takePhoto } from "../ui/camera.js";
import { heading } from "../ui/parts.js";

const most = 6;

/** Works on `form.photos`; `keep()` is called after each change. */
export function photosPart(app, form, keep, role, word) {
  const box = h("div", { class: "photos" });
  const add = (kind) => app.attempt(async () => {
    const held = await takePhoto(app, kind, kind === "slip" ? "把交接单拍清楚" : "拍一张现场");
    if (!held) return;
    form.photos.push(held);
    await keep();
    draw();
  });
  const drop = (photo) => app.attempt(async () => {
    form.photos.splice(form.photos.indexOf(photo), 1);
    await keep();
    await app.phone.dropPhoto(photo.sha256);
    draw();
  });
  const draw = () => {
    const room = form.photos.length < most;
    fill(box, form.photos.map((photo, index) => shown(app, photo, index, drop)), room && take(word, () => add(role)), room && role === "slip" && take("拍现场", () => add("place")));
  };
  draw();
  return h("section", {}, heading(`照片（${role === "slip" ? "交接单、现场，" : ""}可以不拍）`), box);
}

function take(word, act) {
  return h("button", { class: "take", type: "button", onclick: act }, icon("camera"), word);
}

function shown(app, photo, index, drop) {
  const image = h("img", { alt: `第 ${index + 1} 张照片` });
  showPhoto(app, image, photo.sha256);
  const remove = h("button", { class: "drop", type: "button", "aria-label": `删掉第 ${index + 1} 张照片`, onclick: () => drop(photo) }, h("span", { "aria-hidden": "true" }, "×"));
  return h("div", {}, image, remove);
}

/** Put a held photo into an image; the address ends when it has been drawn. */
export async function showPhoto(app, image, sha256) {
  const blob = await app.phone.photo(sha256);
  if (!blob) return void (image.alt = "照片已上传，手机里不再保留");
  const address = URL.createObjectURL(blob);
  image.onload = () => URL.revokeObjectURL(address);
  image.src = address;
}
