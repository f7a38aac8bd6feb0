import assert from "node:assert/strict";
import { test } from "node:test";
import { PIN, codeOf, enrolledPhone, environmentOf, fakeBridge, picture, reopen, visit } from "./kit.mjs";
import { fetchOf } from "./model-server.mjs";
import { openPhone } from "../src/phone.js";

test("the export says nothing without its key, and everything with it", async () => {
  const { phone, server } = await enrolledPhone();
  assert.equal(await codeOf(phone.exportOutbox()), "nothing_to_export");
  const photo = await phone.holdPhoto(picture(300), "slip");
  await phone.keep(visit("520102200201", { photos: [photo], note: "张大爷" }));
  const { blob, name, key } = await phone.exportOutbox();
  const text = await blob.text();
  assert.match(name, /^puyou-outbox-\d{12}\.json$/);
  assert.deepEqual([JSON.parse(text).envelopes, JSON.parse(text).photos], [1, 1]);
  for (const secret of ["张大爷", "520102200201", [...server.tokens.keys()][0]]) assert.ok(!text.includes(secret));
  assert.equal(await codeOf(phone.importOutbox(blob, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA")), "wrong_key");
  assert.equal(await codeOf(phone.importOutbox(blob, "O")), "wrong_key");
  assert.equal(await codeOf(phone.importOutbox(new Blob(["[]"]), key)), "bad_file");
  assert.equal(await codeOf(phone.importOutbox(new Blob(["half of a fi"]), key)), "bad_file");
  const altered = text.replace(/"data":"(.)/, (_, letter) => `"data":"${letter === "A" ? "B" : "A"}`);
  assert.equal(await codeOf(phone.importOutbox(new Blob([altered]), key)), "wrong_key");
  assert.deepEqual(await phone.importOutbox(blob, key), { added: 0, known: 1 });
});

test("all site data cleared: the file brings back envelopes, photos and the means to send them, word for word", async () => {
  const { phone, server } = await enrolledPhone();
  const photo = await phone.holdPhoto(picture(300), "slip");
  const kept = await phone.keep(visit("520102200201", { photos: [photo] }));
  const undone = await phone.undo(kept.id, "点错了");
  const { blob, key } = await phone.exportOutbox();
  const environment = environmentOf(server);
  environment.fetch = fetchOf(server);
  const fresh = await openPhone({ environment, bridge: fakeBridge() });
  assert.equal(await codeOf(fresh.importOutbox(blob, key)), "locked");
  server.codes.set("ZZZZZ22222", null);
  await fresh.enrol({ code: "ZZZZZ22222", pin: PIN });
  assert.deepEqual(await fresh.importOutbox(blob, key), { added: 2, known: 0 });
  const flushed = await fresh.flush("hand");
  assert.deepEqual([flushed.kept, flushed.photos, flushed.left], [2, 1, 0]);
  assert.deepEqual([...server.envelopes.keys()], [kept.id, undone.id]);
  assert.ok(server.photos.get(photo.sha256).complete);
  assert.equal((await phone.flush("hand")).kept, 2); // the first phone was not lost after all: duplicates, same receipts
  assert.equal(server.envelopes.size, 2);
});

test("what came by a file survives a restart and is copied like the rest", async () => {
  const { phone, environment } = await enrolledPhone();
  await phone.keep(visit());
  const { blob, key } = await phone.exportOutbox({ photos: false });
  await phone.importOutbox(blob, key);
  await phone.close();
  const again = await reopen(environment);
  await again.unlock(PIN);
  assert.equal((await again.list()).length, 1);
});
