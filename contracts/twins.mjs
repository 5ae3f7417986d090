// Holds that each function that changes something is tried twice: by a test of one case, which has no parameters, and by
// one of all cases, which Forge calls with whatever it likes. Part of `npm run lint`; reads sources alone.
// It knows which contract a call goes to by the type that its test gave to the name before the dot. What has no name,
// as the fallback of Factory, it does not see.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

const here = import.meta.dirname;

/** What has one kind of test or none, and why: "Contract.function": { unit or fuzz: the reason }. */
const without = {};

/** A source without its comments and its texts, in which braces would be counted. */
function read(path) {
  const text = readFileSync(join(here, path), "utf8");
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[^]*?\*\//g, (found) => (/^["']/.test(found) ? '""' : ""));
}

/** The functions of a source that have a body: name, parameters, what stands before the body, and the body. */
function* functions(text) {
  for (const { 0: head, 1: name, 2: parameters, 3: manner, index } of text.matchAll(/\bfunction (\w+)\(([^)]*)\)([^{};]*)\{/g)) {
    let end = index + head.length;
    for (let depth = 1; depth > 0 && end < text.length; ++end) depth += { "{": 1, "}": -1 }[text[end]] ?? 0;
    yield { name, parameters: parameters.trim(), manner, body: text.slice(index + head.length, end) };
  }
}

/** The contracts of src/, each with what it inherits and the functions of its own that change something. */
function contracts() {
  const found = new Map();
  for (const file of readdirSync(join(here, "src")).sort()) {
    const text = read(join("src", file));
    const name = basename(file, ".sol");
    const [, bases] = text.match(new RegExp(`\\bcontract ${name}\\s*(?:\\bis\\s([^{]*))?\\{`)) ?? [];
    if (!new RegExp(`\\bcontract ${name}\\b`).test(text)) continue; // an interface or a library
    const changes = [...functions(text)].filter(({ manner }) => /\b(external|public)\b/.test(manner) && !/\b(view|pure)\b/.test(manner));
    found.set(name, { bases: bases?.match(/\b[A-Z]\w+/g) ?? [], changes: new Set(changes.map((one) => one.name)) });
  }
  return found;
}

const all = contracts();

/** What a contract is: itself and all that it inherits. */
function faces(name) {
  return [name, ...(all.get(name)?.bases ?? []).flatMap(faces)];
}

/** The functions that a call of a type may reach: those of contracts that are of it or that it is of, as "Contract.function". */
function reached(type, name) {
  const heirs = [...all.keys()].filter((one) => faces(one).includes(type));
  return heirs.flatMap(faces).filter((one) => all.get(one)?.changes.has(name)).map((one) => `${one}.${name}`);
}

/** A test's file and what it imports of this folder. */
function together(path, seen = new Set()) {
  if (seen.has(path) || !existsSync(join(here, path))) return seen;
  seen.add(path);
  const folder = join(path, "..");
  for (const [, next] of readFileSync(join(here, path), "utf8").matchAll(/from "(\.[^"]+\.sol)"/g)) {
    const file = relative(here, join(here, folder, next));
    if (file.startsWith("test")) together(file, seen);
  }
  return seen;
}

/** The types of contracts that a text gives to a name. More than one where two functions use it for different ones. */
function namesOf(text) {
  const names = new Map();
  const declared = /\b(I?[A-Z]\w+)\s+(?:(?:private|internal|public|immutable|constant)\s+)*(\w+)\s*(?=[;=,)])/g;
  for (const [, type, name] of text.matchAll(declared)) {
    names.set(name, [...(names.get(name) ?? []), type]);
  }
  return names;
}

/** What the tests of a file call, themselves or by their helpers: two sets, of those without parameters and with. */
function called(path) {
  const text = [...together(path)].map(read).join("\n");
  const names = namesOf(text);
  const helpers = new Map();
  for (const one of functions(text)) helpers.set(one.name, [...(helpers.get(one.name) ?? []), one]);

  const calls = ({ body }) => [
    ...[...body.matchAll(/\b([a-z]\w*)\.(\w+)\b/g)].flatMap(([, name, what]) => (names.get(name) ?? []).flatMap((type) => reached(type, what))),
    ...[...body.matchAll(/\b(I?[A-Z]\w+)(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\.(\w+)\b/g)].flatMap(([, type, what]) => reached(type, what)),
  ];
  const walk = (one, seen) => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const [, name] of one.body.matchAll(/(?:(?<![.\w])|\bthis\.)(\w+)\s*[({]/g)) {
      for (const next of helpers.get(name) ?? []) if (!/^(test|setUp)/.test(name)) walk(next, seen);
    }
  };
  const by = (tests) => {
    const seen = new Set();
    for (const one of tests) walk(one, seen);
    return new Set([...seen].flatMap(calls));
  };
  const tests = [...functions(read(path))].filter(({ name }) => name.startsWith("test"));
  return { unit: by(tests.filter((one) => !one.parameters)), fuzz: by(tests.filter((one) => one.parameters)) };
}

const files = readdirSync(join(here, "test")).filter((file) => file.endsWith(".t.sol") && file !== "Gas.t.sol");
const tried = files.map((file) => called(join("test", file)));
const kinds = { unit: "test without parameters", fuzz: "test with parameters, which says what holds for all of them" };
const wrong = [];
let count = 0;
for (const [contract, { changes }] of all) {
  for (const name of changes) {
    ++count;
    const whole = `${contract}.${name}`;
    for (const [kind, words] of Object.entries(kinds)) {
      const is = tried.some((one) => one[kind].has(whole));
      const reason = without[whole]?.[kind];
      if (!is && !reason) wrong.push(`${whole} is called by no ${words}: write one, or put the reason in the list of twins.mjs.`);
      if (is && reason) wrong.push(`${whole} stands in the list of twins.mjs, but it is called by a ${words}: take it out there.`);
    }
  }
}
for (const whole of Object.keys(without)) {
  const [contract, name] = whole.split(".");
  if (!all.get(contract)?.changes.has(name)) wrong.push(`${whole} stands in the list of twins.mjs, but there is no such function: take it out there.`);
}
if (wrong.length) {
  process.stderr.write(`${wrong.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${count} functions that change something, each with a test of one case and one of all cases\n`);
