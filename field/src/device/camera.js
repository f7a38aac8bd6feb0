// Photos: taken in the app or by the phone's camera, made small, without EXIF, and named by their hash at once.
import { hexDigest } from "../crypto/digest.js";
import { moment } from "../outbox/clock.js";
import { Trouble } from "../trouble.js";
import { pickFile } from "./bridge.js";

const LONGEST = 1600;
const LARGEST = 2 * 1024 * 1024;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];

/** @returns {import("./bridge.js").Bridge["camera"]} */
export function webCamera(page) {
  return { preview: (video) => preview(page, video), take: () => take(page) };
}

/** Show the camera at the back in a video element. Troubles `camera_denied`, `no_camera` */
async function preview(page, video) {
  const stream = await openStream(page);
  video.srcObject = stream;
  await Promise.resolve(video.play()).catch(() => {}); // a browser that waits for a tap still shows it
  const stop = () => (stream.getTracks().forEach((track) => track.stop()), (video.srcObject = null));
  return { stop, snap: () => captured(page, video, video.videoWidth, video.videoHeight) };
}

export async function openStream({ navigator }, video = { facingMode: "environment", width: { ideal: 1600 }, height: { ideal: 1200 } }) {
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) throw new Trouble("no_camera");
  return navigator.mediaDevices.getUserMedia({ video }).catch((error) => {
    throw new Trouble(error.name === "NotAllowedError" || error.name === "SecurityError" ? "camera_denied" : "no_camera");
  });
}

/** The phone's own camera; null when the person turns back. Trouble `bad_picture` */
async function take(page) {
  const file = await pickFile(page, { accept: "image/*", capture: "environment" });
  return file && shrink(page, file);
}

/** @param {Blob} file @returns {Promise<import("./bridge.js").Captured>} */
export async function shrink(page, file) {
  const address = page.URL.createObjectURL(file);
  try {
    const image = await loaded(page, address);
    return await captured(page, image, image.naturalWidth, image.naturalHeight);
  } finally {
    page.URL.revokeObjectURL(address);
  }
}

const loaded = ({ Image }, address) =>
  new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Trouble("bad_picture"));
    image.src = address;
  });

/** Width and height with the longest side within the limit. */
export function fitted(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Draw it anew: what is not in the picture (EXIF, place, maker) does not come along. */
async function captured(page, source, fullWidth, fullHeight) {
  if (!fullWidth || !fullHeight) throw new Trouble("bad_picture");
  const [width, height] = fitted(fullWidth, fullHeight);
  const canvas = Object.assign(page.document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(source, 0, 0, width, height);
  const bytes = await jpeg(canvas);
  canvas.width = canvas.height = 0; // cheap phones keep its memory otherwise
  return capturedBytes(page, bytes, "image/jpeg", { width, height });
}

async function jpeg(canvas) {
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= LARGEST) return new Uint8Array(await new Response(blob).arrayBuffer());
  }
  throw new Trouble("bad_picture");
}

/** @param {Uint8Array} bytes @returns {Promise<import("./bridge.js").Captured>} */
export async function capturedBytes(page, bytes, type, more = {}) {
  const sha256 = await hexDigest(page.crypto, bytes);
  const taken_at = moment(Date.now(), -new Date().getTimezoneOffset());
  return { bytes, sha256, size: bytes.length, type, taken_at, ...more };
}
