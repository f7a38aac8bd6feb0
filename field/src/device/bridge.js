// The bridge: the phone's senses in one thin interface, given by the browser, or piece by piece by a native shell.
import { webCamera } from "./camera.js";
import { webNfc } from "./nfc.js";
import { webPosition } from "./position.js";
import { webQr } from "./qr.js";
import { webVoice } from "./voice.js";
import { webPermission } from "./permission.js";

/**
 * @typedef {{lon: number, lat: number, accuracy_m: number, at: number}} Fix  `at`: the fix's own time, milliseconds since 1970
 * @typedef {{bytes: Uint8Array, sha256: string, size: number, type: string, width?: number, height?: number, taken_at: string}} Captured
 *
 * @typedef {object} Bridge
 * @property {{watch: (onFix: (fix: Fix) => void, onTrouble: (why: "denied" | "unavailable" | "timeout") => void) => () => void}} position
 * @property {{preview: (video: HTMLVideoElement) => Promise<{snap: () => Promise<Captured>, stop: () => void}>, take: () => Promise<Captured | null>}} camera
 * @property {{pick: (options?: {accept?: string}) => Promise<File | null>}} files
 * @property {{record: () => Promise<{stop: () => Promise<Captured>, cancel: () => void}>}} voice
 * @property {{available: boolean, read: (options?: {signal?: AbortSignal}) => Promise<string>}} nfc
 * @property {{scan: (video: HTMLVideoElement, options?: {signal?: AbortSignal}) => Promise<string>}} qr
 * @property {() => Promise<{shell: "web" | "native", mock: boolean | null, rooted: boolean | null}>} integrity
 * @property {() => Promise<{position: string, camera: string}>} permission
 * @property {(pattern: number | number[]) => void} vibrate
 */

/** @param {any} [page] window @returns {Bridge} */
export function createBridge(page = globalThis) {
  const web = {
    position: webPosition(page),
    camera: webCamera(page),
    files: { pick: (options = {}) => pickFile(page, options) },
    voice: webVoice(page),
    nfc: webNfc(page),
    qr: webQr(page),
    integrity: async () => ({ shell: "web", mock: null, rooted: null }),
    permission: () => webPermission(page),
    vibrate: (pattern) => void (page.navigator && page.navigator.vibrate && page.navigator.vibrate(pattern)),
  };
  return withShell(web, page.PuyouShell);
}

/** What the shell has replaces the browser's, name by name. */
export function withShell(web, shell) {
  if (!shell) return web;
  const given = Object.keys(web).filter((name) => shell[name] !== undefined);
  return { ...web, ...Object.fromEntries(given.map((name) => [name, typeof shell[name] === "function" ? shell[name].bind(shell) : shell[name]])) };
}

/** Ask for a file; null when the person turns back. `capture` opens the camera. */
export function pickFile({ document, addEventListener, removeEventListener, setTimeout }, { accept = "", capture } = {}) {
  const input = Object.assign(document.createElement("input"), { type: "file", accept, hidden: true });
  if (capture) input.setAttribute("capture", capture);
  document.body.append(input); // some WebViews drop one that is not in the page
  return new Promise((resolve) => {
    const end = (file) => (removeEventListener("focus", back), input.remove(), resolve(file));
    const back = () => setTimeout(() => input.files.length || end(null), 1500); // older browsers do not say `cancel`
    input.addEventListener("change", () => end(input.files[0] || null));
    input.addEventListener("cancel", () => end(null));
    addEventListener("focus", back);
    input.click();
  });
}
