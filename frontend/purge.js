// Take out of a style sheet what no page can use: rules for classes whose names stand nowhere in what makes pages.
// A name is any run of letters, digits, - _ and ! in those files, comments and all, so this keeps too much rather than
// too little. A name that ends in - or _ ("hub-tag--" before a colour) keeps everything that begins so.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postcss from "postcss";
import selectors from "postcss-selector-parser";

// What makes pages draws these with a name that is put together from more than one piece.
const SAFE = ["govuk-label--", "govuk-fieldset__legend--", "govuk-radios--", "govuk-checkboxes--", "leaflet-"];
const OURS = /^(?:govuk|hub)-/;
const NAME = /[A-Za-z0-9_!-]+/g;

// Every name in the files of some folders; a folder is [path, how its files' names end].
export function namesIn(folders) {
  const found = new Set();
  for (const [folder, end] of folders) {
    for (const file of readdirSync(folder, { recursive: true })) {
      if (!end.test(file)) continue;
      for (const [name] of readFileSync(join(folder, file), "utf8").matchAll(NAME)) found.add(name);
    }
  }
  return found;
}

function keeper(names) {
  const starts = [...names].filter((name) => OURS.test(name) && name.length > 8 && /[-_]$/.test(name));
  starts.push(...SAFE);
  return (name) => names.has(name) || starts.some((start) => name.startsWith(start));
}

// Whether something on a page can be all that a selector asks for. Classes inside :is(), :not() and the like do not count.
function possible(selector, kept) {
  return selector.nodes.every((node) => node.type !== "class" || kept(node.value));
}

export function purge(css, names) {
  const kept = keeper(names);
  const sheet = postcss.parse(css);
  const parse = selectors();
  sheet.walkRules((rule) => {
    if (rule.parent.name?.endsWith("keyframes")) return;
    const parsed = parse.astSync(rule.selector);
    const left = parsed.nodes.filter((selector) => possible(selector, kept)).map(String);
    if (left.length === 0) rule.remove();
    else if (left.length < parsed.nodes.length) rule.selector = left.join(",");
  });
  plain(sheet);
  sheet.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return sheet.toString();
}

// Every browser that runs a page of ours knows variables, and ours are all set: what is said for those that do not goes.
function plain(sheet) {
  const set = new Set();
  sheet.walkDecls(/^--/, (declaration) => { set.add(declaration.prop); });
  sheet.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(/var\((--[\w-]+),\s*[^()]*\)/g, (whole, name) => (set.has(name) ? `var(${name})` : whole));
  });
}
