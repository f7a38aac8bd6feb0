// The desk's front end: puyou/core/static/core into its build folder, with hashed names and a manifest of them.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { filesUnder, root } from "./works.mjs";

const home = path.join(root, "puyou/core/static/core");
const target = path.join(home, "build");

async function bundle(folder) {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: {
      shell: path.join(home, "islands/shell.js"),
      "shell-style": path.join(home, "css/index.css"),
      icons: path.join(home, "icons.svg"),
      mark: path.join(home, "mark.svg"),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "linked",
    loader: { ".svg": "copy" },
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    metafile: true,
    logLevel: "error",
  });
  writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifestOf(result.metafile.outputs), null, 2));
}

function manifestOf(outputs) {
  const names = { "index.css": "shell.css" };
  const entries = Object.entries(outputs).filter(([, output]) => output.entryPoint);
  const pairs = entries.map(([file, output]) => {
    const source = path.basename(output.entryPoint);
    return [names[source] ?? source, path.basename(file)];
  });
  return Object.fromEntries(pairs.sort());
}

export const desk = {
  name: "工作台",
  target,
  sources: () => filesUnder(home).filter((file) => !file.startsWith(target)),
  bundle,
};
