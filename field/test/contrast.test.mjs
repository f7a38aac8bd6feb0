// Colours that can be read in sunlight and at night: at least 7:1 for text, 3:1 for edges of controls.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const text = readFileSync(path.resolve(import.meta.dirname, "../src/ui/style/tokens.css"), "utf8");
const colours = (block) => Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
const [day, night] = [/:root \{([^}]*)\}/, /\[data-theme="night"\] \{([^}]*)\}/].map((form) => colours(form.exec(text)[1]));

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

const texts = [["ink", "ground"], ["ink", "ground-soft"], ["ink", "accent-soft"], ["ink-soft", "ground"], ["ink-soft", "ground-soft"], ["ink-soft", "accent-soft"], ["accent", "ground"], ["on-accent", "accent"], ["danger", "ground"], ["danger", "danger-soft"], ["notice", "notice-soft"]];

for (const [name, theme] of [["day", day], ["night", night]]) {
  test(`${name}: text stands out from its ground`, () => {
    for (const [ink, ground] of texts) assert.ok(contrast(theme[ink], theme[ground]) >= 7, `${ink} on ${ground}: ${contrast(theme[ink], theme[ground]).toFixed(2)}`);
    assert.ok(contrast(theme["on-practice"], theme.practice) >= 4.5);
  });
  test(`${name}: edges of controls can be seen`, () => {
    for (const ground of ["ground", "ground-soft"]) assert.ok(contrast(theme.edge, theme[ground]) >= 3, ground);
  });
}
