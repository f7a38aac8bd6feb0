// The field app: field/ into puyou/fieldwork's build folder; page, worker and manifest are told the hashed names.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { filesUnder, root } from "./works.mjs";

const home = path.join(root, "field");
const guide = path.join(root, "docs/guide/courier.md");
const target = path.join(root, "puyou/fieldwork/static/fieldwork/build");
const address = "/static/fieldwork/build/";
const apart = /^(test|dev)\//;

async function bundle(folder) {
  const { build } = await import("esbuild");
  const shared = { outdir: folder, entryNames: "[name]-[hash]", metafile: true, minify: true, logLevel: "error" };
  const pictures = await build({ ...shared, entryPoints: icons(), loader: { ".svg": "copy", ".png": "copy" } });
  const app = await build({
    ...shared,
    entryPoints: { main: path.join(home, "src/main.js"), style: path.join(home, "src/ui/style/index.css") },
    publicPath: address,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome80"],
    legalComments: "none",
    loader: { ".png": "file", ".md": "text" },
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
  });
  writePages(folder, { ...pictures.metafile.outputs, ...app.metafile.outputs });
}

function icons() {
  return filesUnder(path.join(home, "icons"));
}

function writePages(folder, outputs) {
  const names = {};
  for (const [file, output] of Object.entries(outputs)) {
    if (output.entryPoint) names[path.basename(output.entryPoint)] = address + path.basename(file);
  }
  const fill = (name) => readFileSync(path.join(home, name), "utf8").replace(/%([\w.-]+)%/g, (_, key) => known(names, key));
  const page = fill("index.html").replace("  <!-- preloads -->", preloads(outputs).join("\n"));
  const shell = Object.keys(outputs).filter((file) => /\.(js|css)$/.test(file)).map((file) => address + path.basename(file));
  const kept = [...shell, names["icon.svg"], names["icon-192.png"]].sort();
  const version = createHash("sha256").update(page).update(kept.join()).digest("hex").slice(0, 12);
  const worker = readFileSync(path.join(home, "sw.js"), "utf8");
  writeFileSync(path.join(folder, "index.html"), page);
  writeFileSync(path.join(folder, "manifest.webmanifest"), fill("manifest.webmanifest"));
  writeFileSync(path.join(folder, "sw.js"), worker.replace('"%VERSION%"', JSON.stringify(version)).replace('"%FILES%"', JSON.stringify(kept)));
}

/** What the first script imports at once, so that a phone asks for all of it in one go. */
function preloads(outputs) {
  const main = Object.keys(outputs).find((file) => /\/main-\w+\.js$/.test(file));
  const found = new Set();
  const follow = (file) => {
    for (const { path: other, kind } of outputs[file].imports) {
      const local = Object.keys(outputs).find((name) => path.basename(name) === path.basename(other));
      if (kind !== "import-statement" || !local || found.has(local)) continue;
      found.add(local);
      follow(local);
    }
  };
  follow(main);
  return [...found].map((file) => `  <link rel="modulepreload" href="${address}${path.basename(file)}">`);
}

function known(names, key) {
  if (!names[key]) throw new Error(`field: nothing built is called ${key}`);
  return names[key];
}

export const field = {
  name: "现场应用",
  target,
  sources: () => [...filesUnder(home).filter((file) => !apart.test(path.relative(home, file))), guide],
  bundle,
};
