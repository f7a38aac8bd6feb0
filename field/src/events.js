// Telling screens that something moved: in this tab, and in the others where the browser can.

/** @param {import("./environment.js").Environment} environment */
export function createEvents({ channel, name: app }) {
  const listeners = new Map();
  const pipe = channel(app);
  const hear = (name, value) => [...(listeners.get(name) || [])].forEach((listener) => listener(value));
  if (pipe) pipe.onmessage = ({ data }) => hear(data, undefined);
  return {
    on(name, listener) {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name).add(listener);
      return () => listeners.get(name).delete(listener);
    },
    tell(name, value) {
      hear(name, value);
      if (pipe && name === "change") pipe.postMessage(name);
    },
    close: () => pipe && pipe.close(),
  };
}
