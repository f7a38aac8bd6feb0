// A spoken note: recorded in the app, one minute at most.
import { Trouble } from "../trouble.js";
import { capturedBytes } from "./camera.js";

const LONGEST_MS = 60000;
const BITS = 24000;
const TYPES = ["audio/webm", "audio/ogg", "audio/mp4"];

/** @returns {import("./bridge.js").Bridge["voice"]} */
export function webVoice(page) {
  return { record: () => record(page) };
}

async function record(page) {
  const { navigator, MediaRecorder } = page;
  if (!MediaRecorder || !navigator.mediaDevices) throw new Trouble("no_microphone");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => {
    throw new Trouble("no_microphone");
  });
  const type = TYPES.find((name) => MediaRecorder.isTypeSupported(name));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS });
  const pieces = [];
  const ended = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.ondataavailable = ({ data }) => data.size && pieces.push(data);
  recorder.start(1000);
  const end = () => (recorder.state === "inactive" || recorder.stop(), stream.getTracks().forEach((track) => track.stop()));
  const timer = page.setTimeout(end, LONGEST_MS);
  const close = async () => (page.clearTimeout(timer), end(), ended);
  return {
    cancel: () => void close(),
    async stop() {
      await close();
      const bytes = new Uint8Array(await new Response(new Blob(pieces)).arrayBuffer());
      return capturedBytes(page, bytes, type);
    },
  };
}
