// NFC tags where the browser reads them (Chromium 89 on Android), else said to be absent.
import { Trouble } from "../trouble.js";

/** @returns {import("./bridge.js").Bridge["nfc"]} */
export function webNfc(page) {
  return { available: "NDEFReader" in page, read: (options = {}) => read(page, options) };
}

/** The text of the next tag held to the phone. Troubles `no_nfc`, `nfc_denied`, `aborted` */
async function read({ NDEFReader, AbortController }, { signal } = {}) {
  if (!NDEFReader) throw new Trouble("no_nfc");
  const end = new AbortController();
  const reader = new NDEFReader();
  if (signal) signal.addEventListener("abort", () => end.abort());
  await reader.scan({ signal: end.signal }).catch((error) => {
    throw new Trouble({ NotAllowedError: "nfc_denied", AbortError: "aborted" }[error.name] || "no_nfc");
  });
  return new Promise((resolve, reject) => {
    end.signal.addEventListener("abort", () => reject(new Trouble("aborted")));
    reader.onreading = ({ message }) => {
      const text = textOf(message);
      if (text) resolve(text), end.abort();
    };
  });
}

/** @param {{records: {recordType: string, encoding?: string, data: DataView}[]}} message */
export function textOf({ records }) {
  const record = records.find(({ recordType }) => recordType === "text" || recordType === "url");
  return record ? new TextDecoder(record.encoding || "utf-8").decode(record.data) : null;
}
