// What every build shares: noticing that nothing changed, installing what is missing, packing, and putting a finished folder in place.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

export const root = path.resolve(import.meta.dirname, "..");
const lock = path.join(root, "package-lock.json");
const installed = path.join(root, "node_modules/.puyou-lock");
const packable = /\.(js|css|svg|html|webmanifest)$/;

export function filesUnder(folder) {
  const inside = readdirSync(folder, { withFileTypes: true, recursive: true });
  return inside.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

export function digest(files) {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) hash.update(path.relative(root, file)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

export function install() {
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

export function pack(folder) {
  for (const file of filesUnder(folder).filter((name) => packable.test(name))) {
    const plain = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

/** Build a part `{name, target, sources(), bundle(folder)}` beside its place and swap it in; false when it was up to date. */
export async function buildAnew(part, prepare) {
  const tools = filesUnder(import.meta.dirname).filter((file) => path.dirname(file) === import.meta.dirname);
  const stamp = digest([...part.sources(), ...tools, lock]);
  const stampFile = path.join(part.target, "stamp");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;
  prepare();
  const folder = `${part.target}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    await part.bundle(folder);
    pack(folder);
    writeFileSync(path.join(folder, "stamp"), stamp);
    rmSync(part.target, { recursive: true, force: true });
    renameSync(folder, part.target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return true;
}
