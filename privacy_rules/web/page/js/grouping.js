// The groups that systems are in, as a tree: by one attribute and then by another; the smallest parties by role, and what is too much for a frame by name.

import { listed, record, systemsNow, value } from "./findings-of.js";
import { state } from "./state.js";

const INHERITED = new Set(["owner", "country", "tags"]); // a system has its party's, if it does not say
const GROUPING = new Set(["text", "texts", "one", "set", "roles", "reference"]);
const OTHERS = new Set(["aliases", "stores", "creates", "uses", "supports", "safeguards", "retained_for", "retention_from", "access"]); // what nobody groups by
const NONE = "unknown";

// The attributes that some system has, by which systems can be grouped: the party first.
export function groupKeys() {
  const known = state.session.attributes.filter((each) => each.entity === "system" && GROUPING.has(each.form) && !OTHERS.has(each.name)).map((each) => each.name);
  const used = known.filter((name) => state.start.systems.some((each) => (name === "party" ? value(each, name) : groupOf(each, name)) !== null));
  return [...new Set(["party", ...used])];
}

const FEW = 60; // if there are more systems, their groups are folded
export const canShowAll = () => state.start.systems.length <= FEW;

// How a page opens.
export const usualView = () => ({ by: state.session.group_by?.length ? state.session.group_by : usualKeys(), open: [], all: canShowAll(), focus: [] });

// Systems by party, and then by owner if a party has very many.
function usualKeys() {
  const sizes = new Map();
  for (const each of state.start.systems) sizes.set(value(each, "party"), (sizes.get(value(each, "party")) ?? 0) + 1);
  const owned = state.start.systems.filter((each) => value(each, "owner") !== null).length;
  return Math.max(0, ...sizes.values()) > 30 && owned * 2 > state.start.systems.length ? ["party", "owner"] : ["party"];
}

const partyRecord = (id) => record("party", id) ?? record("party", id, state.start);

function groupOf(system, key) {
  const own = listed(system, key), party = INHERITED.has(key) && !own.length ? listed(partyRecord(value(system, "party")), key) : [];
  return [...own, ...party].join(", ") || null;
}

export const nameOf = (found, id) => value(found, "name") ?? id;

function described(key, name) {
  if (key !== "party") return { label: name ?? `${key} ${NONE}`, words: [`${key}: ${name ?? NONE}`] };
  if (name === null) return { label: `party ${NONE}`, words: [`party ${NONE}`], role: NONE };
  const found = partyRecord(name), role = listed(found, "role").join(", ") || `role ${NONE}`, label = nameOf(found, name);
  return { label, words: [label === name ? name : `${label} (${name})`, role], role };
}

export function rankOf(system) {
  const roles = listed(partyRecord(value(system, "party")), "role");
  return roles.includes("data_subject") ? 0 : roles.includes("us") ? 1 : 2;
}

// The tree: {key, label, words, rank, children, systems}. `how`: {most: how many a frame holds, roles: whether parties of one role are together}.
export function tree(by, how) {
  return { key: "", children: level(systemsNow(), by, "", how), systems: systemsNow() };
}

function level(systems, [key, ...rest], above, how) {
  if (!key) return split(systems.map((each) => leaf(each, above)), above, how);
  const nodes = [...sorted(systems, (each) => groupOf(each, key))].map(([name, members]) => inner({ key: `${above}${key}=${encodeURIComponent(name ?? "")};`, ...described(key, name), value: name }, members, rest, how));
  nodes.sort((one, other) => one.rank - other.rank || other.systems.length - one.systems.length || (one.key < other.key ? -1 : 1));
  return split(key === "party" && how.roles ? byRole(nodes, above, how) : nodes, above, how);
}

function sorted(items, by) {
  const found = new Map();
  for (const each of items) {
    const key = by(each);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(each);
  }
  return found;
}

function inner(node, members, rest, how) {
  return { ...node, systems: members, rank: Math.min(...members.map(rankOf)), children: members.length === 1 ? [leaf(members[0], node.key)] : level(members, rest, node.key, how) };
}

const leaf = (system, above) => ({ key: `${above}system=${encodeURIComponent(system.id)}`, label: nameOf(system, system.id), words: [system.id], rank: rankOf(system), children: [], systems: [system], isSystem: true });

function byRole(nodes, above, how) {
  const small = nodes.filter((one) => one.rank === 2 && (one.systems.length < 12 || how.roles === "all"));
  const groups = how.roles === true ? [...sorted(small, (each) => each.role)].map(([role, some]) => [`${above}role=${encodeURIComponent(role)};`, role.replaceAll("_", " "), some]) : [[`${above}others;`, "other parties", small]];
  const merged = groups.filter(([, , some]) => some.length > 1), gone = new Set(merged.flatMap(([, , some]) => some));
  return [...nodes.filter((each) => !gone.has(each)), ...merged.map(([key, label, some]) => together(key, label, split(some, key, how), `${some.length} parties`))];
}

function together(key, label, children, below) {
  const systems = children.flatMap((each) => each.systems);
  return { key, label, words: [label, below], below, rank: Math.min(...children.map((each) => each.rank)), children, systems };
}

const inOrder = globalThis.Intl ? new Intl.Collator("en", { numeric: true }) : { compare: (one, other) => (one < other ? -1 : Number(one > other)) }; // the engine of the tests has none

// More than fit into a frame are put together by their names, in the order of these.
function split(nodes, above, how) {
  const most = above ? how.most : how.root;
  if (nodes.length <= most * 1.4) return nodes;
  const order = [...nodes].sort((one, other) => inOrder.compare(one.label, other.label) || (one.key < other.key ? -1 : 1)), parts = Math.min(most, Math.ceil(nodes.length / how.most)), each = Math.ceil(order.length / parts);
  const found = Array.from({ length: Math.ceil(order.length / each) }, (_, number) => order.slice(number * each, (number + 1) * each));
  return found.map((some) => {
    const key = `${above}from=${encodeURIComponent(some[0].key)};`, systems = some.reduce((sum, one) => sum + one.systems.length, 0);
    return together(key, `${some[0].label} – ${some.at(-1).label}`, split(some, key, how), some[0].isSystem ? `${some.length} systems` : `${some.length} groups, ${systems} systems`);
  });
}
