// What a phone loads at first: measured on the built files, packed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const build = path.join(root, "puyou/fieldwork/static/fieldwork/build");
const limit = 150 * 1024;
const read = (name) => readFileSync(path.join(build, name), "utf8");

before(() => execFileSync(process.execPath, [path.join(root, "frontend/build.mjs")], { stdio: "ignore" }));

/** The page and everything that it needs before the first screen: styles, scripts and what they import at once. */
function initial() {
  const page = read("index.html");
  const wanted = [...page.matchAll(/(?:src|href)="\/static\/fieldwork\/build\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
  const found = new Set(["index.html"]);
  while (wanted.length) {
    const name = wanted.pop();
    if (found.has(name)) continue;
    found.add(name);
    if (name.endsWith(".js")) wanted.push(...[...read(name).matchAll(/(?:from|import)\s*"\/static\/fieldwork\/build\/([^"]+)"/g)].map(([, other]) => other));
  }
  return [...found];
}

test("the initial load is at most 150 KB gzip", (context) => {
  const names = initial();
  const size = names.reduce((sum, name) => sum + statSync(path.join(build, `${name}.gz`)).size, 0);
  context.diagnostic(`initial load: ${(size / 1024).toFixed(1)} KB gzip in ${names.length} files`);
  assert.ok(names.length > 5);
  assert.ok(size <= limit, `${size} bytes`);
});

test("the worker keeps every script and style, and every name it keeps exists", () => {
  const kept = JSON.parse(/const files = (\[.*?\]);/.exec(read("sw.js"))[1]).map((address) => path.basename(address));
  for (const name of kept) assert.ok(existsSync(path.join(build, name)), name);
  const scripts = readdirSync(build).filter((name) => /-[0-9A-Z]{8}\.(js|css)$/.test(name));
  assert.deepEqual(scripts.filter((name) => !kept.includes(name)), []);
});

test("page and manifest name only what exists, and the page has nothing inline", () => {
  const page = read("index.html");
  const named = [...`${page}${read("manifest.webmanifest")}`.matchAll(/\/static\/fieldwork\/build\/([^"]+)"/g)].map(([, name]) => name);
  for (const name of named) assert.ok(existsSync(path.join(build, name)), name);
  assert.doesNotMatch(page, /<script(?![^>]*src=)|<style|style="|\son\w+=/);
  assert.doesNotMatch(page, /%[\w.-]+%/);
});
