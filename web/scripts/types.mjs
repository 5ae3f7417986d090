// Writes the node's answers as TypeScript types: openapi.json -> src/api/types.ts.
import { readFileSync, writeFileSync } from "node:fs";

const at = (name) => new URL(`../${name}`, import.meta.url);
const { components } = JSON.parse(readFileSync(at("openapi.json"), "utf8"));

const plain = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

// typeOf writes a schema (JSON Schema 2020-12, as far as the description uses it) as a type.
function typeOf(schema, indent) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [schema.type ?? []].flat();
  if (!types.length) return "unknown";
  return types.map((type) => {
    if (type === "array") return `${wrapped(typeOf(schema.items ?? {}, indent))}[]`;
    if (type !== "object") return plain[type];
    if (schema.properties) return objectOf(schema, indent);
    return `{ [name: string]: ${typeof schema.additionalProperties === "object" ? typeOf(schema.additionalProperties, indent) : "unknown"} }`;
  }).join(" | ");
}

const wrapped = (type) => (type.includes("|") ? `(${type})` : type);

function objectOf(schema, indent) {
  const inner = `${indent}  `, required = new Set(schema.required);
  const lines = Object.entries(schema.properties).filter(([name]) => name !== "$schema").map(([name, property]) => {
    const says = property.description ? `${inner}/** ${property.description} */\n` : "";
    return `${says}${inner}${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${typeOf(property, inner)};`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const all = Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(at("src/api/types.ts"), `// Generated from openapi.json by scripts/types.mjs. Do not edit.\n\n${
  all.map(([name, schema]) => `export type ${name} = ${typeOf(schema, "")};\n`).join("\n")}`);
