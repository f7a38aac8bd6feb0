// QR codes from the live camera: the browser's detector, or one in JavaScript that is loaded when it is needed.
import { Trouble } from "../trouble.js";
import { fitted, openStream } from "./camera.js";

const EVERY_MS = 150;
const SIDE = 640;

/** @returns {import("./bridge.js").Bridge["qr"]} */
export function webQr(page) {
  return { scan: (video, options = {}) => scan(page, video, options) };
}

/** The text of the first code seen. Troubles `camera_denied`, `no_camera`, `aborted` */
async function scan(page, video, { signal } = {}) {
  const stream = await openStream(page);
  try {
    video.srcObject = stream;
    await Promise.resolve(video.play()).catch(() => {});
    const look = await detector(page);
    for (;;) {
      if (signal && signal.aborted) throw new Trouble("aborted");
      const text = video.videoWidth ? await look(video).catch(() => null) : null;
      if (text) return text;
      await new Promise((resolve) => page.setTimeout(resolve, EVERY_MS));
    }
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
}

/** @returns {Promise<(video: HTMLVideoElement) => Promise<string | null>>} */
export async function detector(page) {
  const formats = page.BarcodeDetector ? await page.BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (!formats.includes("qr_code")) return drawn(page, (await import("jsqr")).default);
  const native = new page.BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => {
    const [found] = await native.detect(video);
    return found ? found.rawValue : null;
  };
}

function drawn({ document }, jsqr) {
  const canvas = document.createElement("canvas");
  return async (video) => {
    const [width, height] = fitted(video.videoWidth, video.videoHeight, SIDE);
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, width, height);
    const found = jsqr(context.getImageData(0, 0, width, height).data, width, height);
    return found ? found.data : null;
  };
}
