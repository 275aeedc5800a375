// Begins: asks for the session, shows it, and asks anew whenever something else is tried out.

import { Refused, call, isAlone, keepToken } from "./api.js";
import { changesView } from "./changes.js";
import { askDays, showDay } from "./day.js";
import { announce, button, byId, h, plural, put, trouble } from "./dom.js";
import { estateView } from "./estate.js";
import * as filters from "./filters.js";
import { findingsView } from "./findings.js";
import { hiddenWords } from "./findings-of.js";
import * as graph from "./graph.js";
import { usualView } from "./grouping.js";
import * as history from "./history.js";
import { warmUp } from "./layout.js";
import * as link from "./link.js";
import { rulesView } from "./rules.js";
import { forget, isChanged, listen, look, redo, remember, state, tell, today, undo } from "./state.js";
import * as theme from "./theme.js";
import { visible } from "./visible.js";

const TABS = { findings: ["Findings", findingsView], rules: ["Rules", rulesView], estate: ["Estate", estateView], ...(isAlone ? {} : { changes: ["Changes", changesView] }) };
let asking = null;
let began = false;
let shownChosen = null; // what was chosen when last shown

async function begin() {
  const { token, shared } = link.read(location.hash);
  document.documentElement.classList.add("ready", isAlone ? "alone" : "served");
  theme.begin();
  if (!keepToken(token)) { trouble("Open the address that `privacy-rules explore` printed: it contains the token that this page needs."); return; }
  try {
    const asked = Promise.all([call("/session"), call("/estate", {}), call("/what-if", {})]);
    warmUp();
    [state.session, state.start, state.delta] = await asked;
  } catch (error) { fail(error); return; }
  state.estate = state.start;
  state.view = usualView();
  link.adopt(shared);
  byId("estate-name").textContent = visible(state.session.name || state.session.policies.join(", "));
  document.title = isAlone ? byId("estate-name").textContent : `${byId("estate-name").textContent} – explore`;
  byId("title").textContent = isAlone ? "Flows" : "Explore";
  filters.begin();
  keys();
  listen(heard);
  if (isChanged()) await ask();
  history.recall();
  showDay(); // what stands around the graph gives it its size
  filters.showFilters();
  graph.begin();
  began = true;
  show();
  askDays();
  document.documentElement.classList.add("drawn");
}

function heard(what) {
  if (what === "tried") ask();
  else if (what === "days" && !pressed) showDay();
  else if (began) show();
}

// What is clicked stays until the click is done, a list until something in it is chosen or it is left: whoever leaves a field by a click on
// it has changed something, and what is put anew under the pointer is never clicked.
let pressed = null, waits = false;

function presses() {
  const release = () => {
    pressed = null;
    if (waits) show();
  };
  const isList = () => pressed?.tagName === "SELECT";
  document.addEventListener("pointerdown", ({ target }) => { pressed = target.closest?.("button, select"); }, true);
  for (const ends of ["pointerup", "pointercancel"]) document.addEventListener(ends, () => setTimeout(() => { if (!isList()) release(); }), true);
  document.addEventListener("click", () => { if (!isList()) pressed = null; }, true);
  document.addEventListener("change", () => { if (isList()) pressed = null; }, true);
  document.addEventListener("focusout", ({ target }) => { if (isList() && target === pressed) release(); }, true);
}

// Asks what the changes do. What the server refuses is taken back; what was asked before is not waited for any more.
async function ask() {
  asking?.abort();
  asking = new AbortController();
  const mine = asking, asked = { changes: state.changes, as_of: state.day };
  document.documentElement.classList.add("busy");
  try {
    const [delta, estate] = await Promise.all([call("/what-if", asked, mine.signal), call("/estate", asked, mine.signal)]);
    Object.assign(state, { delta, estate });
    trouble("");
    tell("judged");
    askDays();
    announce(`${summaryWords()}. ${deltaWords()}`);
  } catch (error) {
    if (error.name === "AbortError") return;
    fail(error);
    if (error instanceof Refused && error.status) {
      if (!forget()) Object.assign(state, { changes: [], day: null });
      tell("refused");
    }
  } finally {
    if (mine === asking) document.documentElement.classList.remove("busy");
  }
}

function fail(error) {
  if (!(error instanceof Refused)) throw error;
  trouble(error.status === 401 ? "This token belongs to another server: open the address that `privacy-rules explore` printed." : error.message);
}

function show() {
  waits = pressed;
  if (waits) return;
  showTop();
  showTabs();
  put(byId("view"), TABS[state.tab][1]());
  showDay();
  filters.showFilters();
  const chosen = state.chosen && `${state.tab} ${state.chosen.kind} ${state.chosen.id}`;
  graph.draw(chosen !== shownChosen);
  if (chosen && chosen !== shownChosen) bringIntoView();
  shownChosen = chosen;
  link.write();
  history.keep();
}

const count = (verdict) => [...state.delta.comes, ...state.delta.stays, ...state.delta.changes.map((each) => each.after)].filter((each) => each.verdict === verdict && !each.waived).length;

const summaryWords = () => `${plural(count("violation"), "violation")}, ${count("undetermined").toLocaleString("en")} undetermined`;

function deltaWords() {
  const { comes, goes, changes } = state.delta;
  if (!isChanged()) return "";
  const told = [comes.length && `${comes.length} new`, goes.length && `${goes.length} resolved`, changes.length && `${changes.length} changed`].filter(Boolean);
  return told.join(", ") || "no verdict changes";
}

function showTop() {
  put(byId("summary"),
    h("span", { class: `figure violation${count("violation") ? "" : " none"}` }, plural(count("violation"), "violation")),
    h("span", { class: `figure undetermined${count("undetermined") ? "" : " none"}` }, `${count("undetermined").toLocaleString("en")} undetermined`),
    hiddenWords() && button(hiddenWords(), filters.clear, { class: "figure hidden-by", title: "Clear the filter", data: { key: "hidden by the filter" } }),
    isChanged() && button(deltaWords(), () => look({ tab: "findings" }), { class: "figure delta", title: "What the changes do, compared with the start" }));
  byId("undo").setAttribute("aria-disabled", String(!state.past.length)); // not `disabled`: it would lose the focus
  byId("redo").setAttribute("aria-disabled", String(!state.future.length));
}

function showTabs() {
  const number = { findings: count("violation") + count("undetermined"), changes: state.changes.length + Number(Boolean(state.day)) };
  put(byId("tabs"), Object.entries(TABS).map(([name, [words]]) => button([words, number[name] > 0 && h("span", { class: "number" }, number[name] > 999 ? "999+" : number[name])], () => look({ tab: name }), {
    role: "tab", id: `tab-${name}`, "aria-selected": String(state.tab === name), "aria-controls": "view", tabindex: state.tab === name ? null : -1,
  })));
  byId("view").setAttribute("aria-labelledby", `tab-${state.tab}`);
}

function bringIntoView() {
  const open = byId("view").querySelector(".card.open");
  const view = byId("view");
  if (open && view.scrollHeight > view.clientHeight) {
    const [top, height] = [open.offsetTop, view.clientHeight];
    if (top < view.scrollTop || top + Math.min(open.offsetHeight, 120) > view.scrollTop + height) view.scrollTop = top - 8;
  }
}

function keys() {
  presses();
  byId("undo").addEventListener("click", undo);
  byId("redo").addEventListener("click", redo);
  byId("share").addEventListener("click", share);
  byId("tabs").addEventListener("keydown", (event) => {
    const names = Object.keys(TABS), by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    look({ tab: names[(names.indexOf(state.tab) + by + names.length) % names.length] });
    byId(`tab-${state.tab}`).focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=range]), textarea, select");
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !typing && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo(); else undo();
    } else if (event.key === "/" && !typing) {
      event.preventDefault();
      byId("filters").querySelector("input").focus();
    } else if (event.key === "Escape" && !typing && state.chosen && !byId("graph").contains(event.target)) {
      look({ chosen: null });
    }
  });
  window.addEventListener("hashchange", () => {
    const { shared } = link.read(location.hash);
    if (!shared) return;
    remember();
    Object.assign(state, { changes: [], day: null, chosen: null });
    link.adopt(shared);
    tell("tried");
  });
}

async function share() {
  link.write();
  try {
    await navigator.clipboard.writeText(location.href);
    announce("the link is copied");
    byId("share").textContent = "Copied";
  } catch {
    announce("the address of this page is the link");
    byId("share").textContent = "The link is in the address bar";
  }
  setTimeout(() => { byId("share").textContent = "Copy link"; }, 2000);
}

begin();
