import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const islands = path.join(root, "puyou/core/static/core/islands");
const modules = readdirSync(islands).map((name) => [name, readFileSync(path.join(islands, name), "utf8")]);

test("versions are pinned exactly and the lock names no download host", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, "package.json")));
  for (const version of Object.values({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/);
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json")));
  for (const [name, entry] of Object.entries(lock.packages)) {
    assert.equal(entry.resolved, undefined, name);
    if (name) assert.match(entry.integrity, /^sha512-/, name);
  }
});

test("one module touches the drawing library", () => {
  const users = modules.filter(([, text]) => /from "echarts/.test(text)).map(([name]) => name);
  assert.deepEqual(users, ["charts.js"]);
});

test("every module opens with a sentence on what it is for, and none writes inline styles or evaluates text", () => {
  for (const [name, text] of modules) {
    assert.match(text, /^\/\/ \S.*[.:]/, name);
    assert.doesNotMatch(text, /\beval\(|new Function|setAttribute\("style"|insertAdjacentHTML/, name);
  }
});
