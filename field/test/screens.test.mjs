// The house of the screens: every module says what it is for, writes no markup, and uses nothing younger than Chromium 80.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const home = path.resolve(import.meta.dirname, "..");
const filesOf = (folder, ending) => readdirSync(path.join(home, folder), { recursive: true })
  .filter((name) => name.endsWith(ending))
  .map((name) => [`${folder}/${name}`, readFileSync(path.join(home, folder, name), "utf8")]);
const modules = [...filesOf("src", ".js"), ["sw.js", readFileSync(path.join(home, "sw.js"), "utf8")]];
const styles = filesOf("src/ui/style", ".css");

test("every module opens with a sentence on what it is for, and none writes markup, inline styles or evaluates text", () => {
  for (const [name, text] of modules) {
    assert.match(text, /^\/\/ \S.*[.:]/, name);
    assert.doesNotMatch(text, /\beval\(|new Function|setAttribute\("style"|insertAdjacentHTML|innerHTML/, name);
  }
});

test("no module uses what Chromium 80 lacks", () => {
  const young = /\.replaceChildren\(|\.at\(-|\.replaceAll\(|structuredClone|randomUUID|\.findLast|\.toSorted|Promise\.any|AbortSignal\.(any|timeout)|Object\.groupBy|\.hasOwn\(|\?\?=|\|\|=/;
  for (const [name, text] of modules) assert.doesNotMatch(text, young, name);
});

test("no style uses what Chromium 80 lacks", () => {
  for (const [name, text] of styles) {
    assert.doesNotMatch(text, /:has\(|:is\(|\binset\s*:|\ddvh|aspect-ratio|@layer|@container|color-mix/, name);
    for (const rule of text.match(/[^{}]+\{[^{}]*\}/g) ?? []) {
      if (/display: (inline-)?flex/.test(rule)) assert.doesNotMatch(rule, /[^-]gap:/, `${name}: ${rule}`);
    }
  }
});

test("the worker is small and never touches what couriers wrote", () => {
  const worker = readFileSync(path.join(home, "sw.js"), "utf8");
  assert.ok(worker.split("\n").length <= 100);
  assert.doesNotMatch(worker, /indexedDB|\/api\//);
});

test("screens reach neither the network nor the database", () => {
  for (const [name, text] of [...filesOf("src/ui", ".js"), ...filesOf("src/tasks", ".js")]) {
    assert.doesNotMatch(text, /\bfetch\(|XMLHttpRequest|indexedDB|sendBeacon/, name);
  }
});
