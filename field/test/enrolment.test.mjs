// Whoever enrols in this app, the server can see that it is one phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PIN, enrolledPhone } from "./kit.mjs";
import { createServer, fetchOf } from "./model-server.mjs";

test("two couriers enrol on one phone under one name of the phone, with a device and a key of their own each", async () => {
  const server = createServer();
  const sent = [];
  const ask = fetchOf(server);
  const fetch = async (address, options = {}) => {
    if (String(address).endsWith("/enrolments")) sent.push(JSON.parse(options.body));
    return ask(address, options);
  };
  const { phone } = await enrolledPhone({ server, fetch });
  server.codes.set("ZZZZZ22222", null);
  await phone.enrol({ code: "ZZZZZ-22222", pin: PIN });
  const [first, second] = [sent[0], sent.at(-1)];
  assert.match(first.phone, /^[\w-]{22}$/);
  assert.equal(first.phone, second.phone);
  assert.notEqual(first.device, second.device);
  assert.notEqual(first.key.x, second.key.x);
  const other = await enrolledPhone({ fetch: async (address, options = {}) => (sent.push(options.body && JSON.parse(options.body)), fetchOf(createServer())(address, options)) });
  assert.ok(other.phone);
  assert.notEqual(sent.find((body) => body?.phone && body.device !== first.device && body.device !== second.device).phone, first.phone);
});
