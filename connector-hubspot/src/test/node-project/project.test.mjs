// Started by HubSpotProjectTest, which says where the project folders are.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { http } from "@hubspot/local-dev-lib/http";
import { translate } from "@hubspot/project-parsing-lib/translate";

const folders = JSON.parse(need("PROJECT_FOLDERS"));
const LIMIT = 65_536;

function need(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run this by HubSpotProjectTest`);
  return value;
}

// What HubSpot's servers would answer: for each component just the shapes its documentation shows, and nothing else.
const text = { type: "string", minLength: 1, maxLength: LIMIT };
const url = { type: "string", pattern: "^https://[^$ ]+$" };
const texts = { type: "array", items: text };
const closed = (properties, required = Object.keys(properties)) => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});
const option = closed({ value: text, label: text });
const field = {
  name: { type: "string", pattern: "^[A-Za-z][A-Za-z0-9_]*$" },
  type: { enum: ["string", "number", "bool", "enumeration", "datetime"] },
  fieldType: { enum: ["text", "textarea", "number", "select", "booleancheckbox", "date"] },
};
const labelled = { type: "object", additionalProperties: text };
const schemas = {
  APPLICATION: closed({
    name: text,
    description: text,
    distribution: { enum: ["private", "marketplace"] },
    auth: {
      oneOf: [
        closed({
          type: { const: "oauth" },
          redirectUrls: { type: "array", items: url, minItems: 1 },
          requiredScopes: texts,
          optionalScopes: texts,
          conditionallyRequiredScopes: texts,
        }),
        closed({
          type: { const: "static" },
          requiredScopes: texts,
          optionalScopes: texts,
          conditionallyRequiredScopes: texts,
        }),
      ],
    },
    permittedUrls: closed({ fetch: texts, iframe: texts, img: texts }),
    support: closed(
      { supportEmail: text, documentationUrl: url, supportUrl: url, supportPhone: text },
      ["supportEmail", "documentationUrl", "supportUrl"],
    ),
  }),
  WEBHOOKS: closed({
    settings: closed({ targetUrl: url, maxConcurrentRequests: { type: "integer", minimum: 6 } }),
    subscriptions: closed({
      crmObjects: {
        type: "array",
        items: closed(
          {
            subscriptionType: {
              enum: ["object.creation", "object.propertyChange", "object.deletion", "object.restore", "object.merge"],
            },
            objectType: text,
            propertyName: text,
            active: { type: "boolean" },
          },
          ["subscriptionType", "objectType", "active"],
        ),
      },
      legacyCrmObjects: { type: "array", maxItems: 0 },
      hubEvents: {
        type: "array",
        items: closed({ subscriptionType: { const: "contact.privacyDeletion" }, active: { type: "boolean" } }),
      },
    }),
  }),
  WORKFLOW_ACTION: closed({
    actionUrl: url,
    isPublished: { type: "boolean" },
    supportedClients: { type: "array", items: closed({ client: { const: "WORKFLOWS" } }) },
    objectTypes: { type: "array", items: { const: "CONTACT" } },
    inputFields: {
      type: "array",
      items: closed({
        typeDefinition: closed({ ...field, optionsUrl: url, options: { type: "array", items: option } }, [
          "name",
          "type",
          "fieldType",
        ]),
        supportedValueTypes: { type: "array", items: { enum: ["OBJECT_PROPERTY", "STATIC_VALUE"] } },
        isRequired: { type: "boolean" },
      }),
    },
    outputFields: {
      type: "array",
      items: closed({
        typeDefinition: closed({ ...field, options: { type: "array", items: option } }, ["name", "type", "fieldType"]),
      }),
    },
    labels: closed({
      en: closed({
        actionName: text,
        actionDescription: text,
        appDisplayName: text,
        actionCardContent: text,
        inputFieldLabels: labelled,
        inputFieldDescriptions: labelled,
        outputFieldLabels: labelled,
        executionRules: labelled,
      }),
    }),
    executionRules: {
      type: "array",
      items: closed({ labelName: text, conditions: { type: "object", additionalProperties: text } }),
    },
  }),
};
const asked = [];
http.get = async (_accountId, request) => {
  asked.push(request.url);
  return { data: schemas };
};

async function parse(folder) {
  const project = JSON.parse(await readFile(path.join(folder, "hsproject.json"), "utf8"));
  return translate(
    {
      projectSourceDir: path.join(folder, project.srcDir),
      platformVersion: project.platformVersion,
      accountId: 123456,
    },
    { profile: "prod" },
  );
}

/** A copy with one thing changed must be refused: the check can fail. */
async function refusedWith(folder, change) {
  const copy = await mkdtemp(path.join(tmpdir(), "project-"));
  try {
    await cp(folder, copy, { recursive: true });
    await change(copy);
    const outcome = await parse(copy).then(
      (seen) => (seen.skippedHsMetaFiles.length ? "skipped" : "accepted"),
      () => "refused",
    );
    assert.notEqual(outcome, "accepted");
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

for (const [kind, folder] of Object.entries(folders)) {
  test(`${kind}: HubSpot's parser takes all files, as an app with webhooks and a workflow action`, async () => {
    const { intermediateRepresentation, skippedHsMetaFiles } = await parse(folder);
    assert.deepEqual(skippedHsMetaFiles, []);
    const nodes = Object.values(intermediateRepresentation.intermediateNodesIndexedByUid);
    assert.deepEqual(nodes.map((node) => node.componentType).sort(), ["APPLICATION", "WEBHOOKS", "WORKFLOW_ACTION"]);
    const text = JSON.stringify(nodes);
    assert.ok(!text.includes("${"), "a variable of the profile was left");
    const app = nodes.find((node) => node.componentType === "APPLICATION");
    assert.equal(app.config.auth.type, kind === "oauth" ? "oauth" : "static");
    assert.match(asked.at(-1), /\/2026\.09$/);
  });

  test(`${kind}: every label has its field, and every field its label`, async () => {
    const { intermediateRepresentation } = await parse(folder);
    const step = Object.values(intermediateRepresentation.intermediateNodesIndexedByUid).find(
      (node) => node.componentType === "WORKFLOW_ACTION",
    ).config;
    const names = (fields) => fields.map((one) => one.typeDefinition.name).sort();
    const labels = step.labels.en;
    assert.deepEqual(Object.keys(labels.inputFieldLabels).sort(), names(step.inputFields));
    assert.deepEqual(Object.keys(labels.outputFieldLabels).sort(), names(step.outputFields));
    assert.deepEqual(
      Object.keys(labels.executionRules).sort(),
      step.executionRules.map((rule) => rule.labelName).sort(),
    );
    for (const rule of step.executionRules) {
      for (const name of Object.keys(rule.conditions)) assert.ok(names(step.outputFields).includes(name), name);
    }
  });

  test(`${kind}: the check finds what is wrong`, async () => {
    const meta = "src/app/webhooks/webhooks-hsmeta.json";
    const edit = (file, from, to) => async (copy) => {
      const before = await readFile(path.join(copy, file), "utf8");
      const after = before.replace(from, to);
      assert.notEqual(after, before);
      await writeFile(path.join(copy, file), after);
    };
    await refusedWith(folder, edit(meta, '"uid"', '"uuid"'));
    await refusedWith(folder, edit(meta, '"object.creation"', '"object.created"'));
    await refusedWith(folder, edit(meta, "{", ""));
    await refusedWith(folder, edit("src/hsprofile.prod.json", "publicUrl", "otherUrl"));
    await refusedWith(folder, async (copy) => {
      await cp(path.join(copy, meta), path.join(copy, "src/app/elsewhere/webhooks-hsmeta.json"));
    });
  });
}
