// Started by HubSpotNodeClientTest, which starts the sandbox and says where it is.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import hubspot from "@hubspot/api-client";

const { Client, Signature } = hubspot;
const basePath = need("SANDBOX_URL");
const accessToken = need("SANDBOX_TOKEN");
const clientSecret = need("SANDBOX_CLIENT_SECRET");
const clientId = need("SANDBOX_CLIENT_ID");
const step = JSON.parse(need("SANDBOX_STEP"));
const blocked = need("SANDBOX_BLOCKED").split(" ");
const delivery = JSON.parse(need("SANDBOX_DELIVERY"));
const client = new Client({ accessToken, basePath, numberOfApiCallRetries: 0 });
const contacts = client.crm.contacts;
const MISSING = "999999999";

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run this by HubSpotNodeClientTest`);
  return value;
}

/** The client throws for every status that is not a success; this hands out what it threw. */
async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("the call went through");
}

let ada;

before(async () => {
  ada = await contacts.basicApi.create({ properties: { email: "Ada@Example.com", firstname: "Ada" }, associations: [] });
});

test("creates a contact and reads it", async () => {
  assert.match(ada.id, /^[0-9]+$/);
  assert.equal(ada.properties.email, "ada@example.com");
  assert.ok(ada.createdAt instanceof Date && !Number.isNaN(ada.createdAt.getTime()));
  const read = await contacts.basicApi.getById(ada.id, ["email", "firstname"]);
  assert.equal(read.properties.firstname, "Ada");
  assert.equal(read.archived, false);
});

test("refuses a second contact with the same address", async () => {
  const error = await refused(contacts.basicApi.create({ properties: { email: "ada@example.com" }, associations: [] }));
  assert.equal(error.code, 409);
});

test("answers 404 for a contact that does not exist", async () => {
  const error = await refused(contacts.basicApi.getById(MISSING));
  assert.equal(error.code, 404);
  assert.equal(error.body.category, "OBJECT_NOT_FOUND");
});

test("updates a contact", async () => {
  const updated = await contacts.basicApi.update(ada.id, { properties: { firstname: "Augusta" } });
  assert.equal(updated.properties.firstname, "Augusta");
});

test("reads a batch whole, and in part when an id is missing", async () => {
  const question = (ids) => ({
    properties: ["email"],
    propertiesWithHistory: [],
    inputs: ids.map((id) => ({ id })),
  });
  const whole = await contacts.batchApi.read(question([ada.id]));
  assert.equal(whole.status, "COMPLETE");
  assert.equal(whole.results.length, 1);
  const part = await contacts.batchApi.read(question([ada.id, MISSING]));
  assert.equal(part.results.length, 1);
  assert.equal(part.numErrors, 1);
  assert.deepEqual(part.errors[0].context.ids, [MISSING]);
});

test("makes a group and properties once, and says 409 the second time", async () => {
  const group = { name: "client_check", label: "Client check", displayOrder: -1 };
  const property = {
    groupName: "client_check",
    name: "client_check_word",
    label: "Word",
    type: "enumeration",
    fieldType: "select",
    formField: false,
    options: [{ label: "Yes", value: "yes", displayOrder: 0, hidden: false }],
  };
  assert.equal((await client.crm.properties.groupsApi.create("contacts", group)).name, "client_check");
  assert.equal((await client.crm.properties.coreApi.create("contacts", property)).type, "enumeration");
  assert.equal((await refused(client.crm.properties.groupsApi.create("contacts", group))).code, 409);
  assert.equal((await refused(client.crm.properties.coreApi.create("contacts", property))).code, 409);
  const options = [...property.options, { label: "No", value: "no", displayOrder: 1, hidden: false }];
  const changed = await client.crm.properties.coreApi.update("contacts", property.name, { options });
  assert.deepEqual(changed.options.map((option) => option.value), ["yes", "no"]);
  const all = await client.crm.properties.coreApi.getAll("contacts");
  assert.ok(all.results.some((one) => one.name === property.name && one.options.length === 2));
  const groups = await client.crm.properties.groupsApi.getAll("contacts");
  assert.ok(groups.results.some((one) => one.name === "client_check"));
});

test("updates a batch whole, in part, and not at all", async () => {
  const input = (id, word) => ({ id, properties: { lastname: word }, objectWriteTraceId: `trace-${id}` });
  const whole = await contacts.batchApi.update({ inputs: [input(ada.id, "Lovelace")] });
  assert.equal(whole.results[0].properties.lastname, "Lovelace");
  const part = await contacts.batchApi.update({ inputs: [input(ada.id, "King"), input(MISSING, "Nobody")] });
  assert.equal(part.results.length, 1);
  assert.equal(part.errors[0].category, "OBJECT_NOT_FOUND");
  const unknown = { inputs: [{ id: ada.id, properties: { never_made: "x" } }] };
  const error = await refused(contacts.batchApi.update(unknown));
  assert.equal(error.code, 400);
  assert.match(error.body.message, /PROPERTY_DOESNT_EXIST/);
});

test("lists page by page", async () => {
  for (const n of [1, 2, 3]) {
    await contacts.basicApi.create({ properties: { email: `page${n}@example.com` }, associations: [] });
  }
  const first = await contacts.basicApi.getPage(2, undefined, ["email"]);
  assert.equal(first.results.length, 2);
  const second = await contacts.basicApi.getPage(2, first.paging.next.after, ["email"]);
  assert.equal(second.results.length, 2);
  assert.notEqual(first.results[0].id, second.results[0].id);
});

test("searches", async () => {
  const found = await contacts.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: "email", operator: "EQ", value: "ada@example.com" }] }],
    sorts: [],
    properties: ["email"],
    limit: 10,
    after: "0",
  });
  assert.equal(found.total, 1);
  assert.equal(found.results[0].id, ada.id);
});

test("archives", async () => {
  const gone = await contacts.basicApi.create({ properties: { email: "gone@example.com" }, associations: [] });
  await contacts.basicApi.archive(gone.id);
  assert.equal((await refused(contacts.basicApi.getById(gone.id))).code, 404);
});

test("refuses another token", async () => {
  const stranger = new Client({ accessToken: "another", basePath, numberOfApiCallRetries: 0 });
  const error = await refused(stranger.crm.contacts.basicApi.getPage());
  assert.equal(error.code, 401);
});

test("signs its webhooks in versions 1 and 3", () => {
  const { url, body, headers } = delivery;
  assert.ok(
    Signature.isValid({
      signatureVersion: "v3",
      method: "POST",
      clientSecret,
      url,
      requestBody: body,
      signature: headers["x-hubspot-signature-v3"],
      timestamp: Number(headers["x-hubspot-request-timestamp"]),
    }),
  );
  assert.equal(headers["x-hubspot-signature-version"], "v1");
  assert.ok(
    Signature.isValid({ signatureVersion: "v1", clientSecret, requestBody: body, signature: headers["x-hubspot-signature"] }),
  );
  const [event] = JSON.parse(body);
  assert.equal(event.subscriptionType, "object.creation");
});

test("signs a workflow step's request in versions 2 and 3", () => {
  const { url, body, headers } = step;
  assert.equal(headers["x-hubspot-signature-version"], "v2");
  const common = { clientSecret, url, requestBody: body };
  assert.ok(
    Signature.isValid({
      ...common,
      signatureVersion: "v2",
      method: "POST",
      signature: headers["x-hubspot-signature"],
    }),
  );
  assert.ok(
    Signature.isValid({
      ...common,
      signatureVersion: "v3",
      method: "POST",
      signature: headers["x-hubspot-signature-v3"],
      timestamp: Number(headers["x-hubspot-request-timestamp"]),
    }),
  );
});

test("gives tokens for a code, and new ones for a refresh token", async () => {
  const redirectUri = "https://verify.example.com/connect/hubspot/callback";
  const consent = new URL(`${basePath}/oauth/authorize`);
  consent.search = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, scope: "oauth", state: "s" });
  const back = new URL((await fetch(consent, { redirect: "manual" })).headers.get("location"));
  assert.equal(back.searchParams.get("state"), "s");
  const tokens = client.oauth.tokensApi;
  const exchange = (code) => tokens.create("authorization_code", code, redirectUri, clientId, clientSecret);
  const first = await exchange(back.searchParams.get("code"));
  assert.equal(first.expiresIn, 1800);
  const second = await tokens.create(
    "refresh_token",
    undefined,
    undefined,
    clientId,
    clientSecret,
    first.refreshToken,
  );
  assert.notEqual(second.accessToken, first.accessToken);
  const installed = new Client({ accessToken: second.accessToken, basePath, numberOfApiCallRetries: 0 });
  assert.ok((await installed.crm.contacts.basicApi.getPage()).results.length > 0);
  const error = await refused(exchange(back.searchParams.get("code")));
  assert.equal(error.code, 400);
});

test("completes workflow steps that wait, one and many, and knows no others", async () => {
  const callbacks = client.automation.actions.callbacksApi;
  const outputFields = { hs_execution_state: "SUCCESS", status: "valid" };
  await callbacks.complete(blocked[0], { outputFields, typedOutputs: {} });
  await callbacks.completeBatch({
    inputs: blocked.slice(1).map((callbackId) => ({ callbackId, outputFields, typedOutputs: {} })),
  });
  const error = await refused(callbacks.complete("ap-unknown", { outputFields, typedOutputs: {} }));
  assert.equal(error.code, 404);
});

// Last, since it uses up the portal's limit.
test("limits a burst as HubSpot does", async () => {
  const calls = Array.from({ length: 120 }, () => contacts.basicApi.getById(ada.id).then(() => null, (error) => error));
  const errors = (await Promise.all(calls)).filter(Boolean);
  assert.ok(errors.length > 0, "120 calls in a moment must not all pass");
  for (const error of errors) {
    assert.equal(error.code, 429);
    assert.equal(error.body.policyName, "TEN_SECONDLY_ROLLING");
    assert.equal(error.headers["x-hubspot-ratelimit-max"], "110");
  }
});
