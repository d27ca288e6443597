// The list of incidents, newest change first. Each alert has it read anew, so that it shows just what the store says.

import { ask, el, notice, pageOf } from "./dom.js";
import { clock, follow, say } from "./live.js";
import { WorldMap } from "./map.js";
import { at, grade, MARKS, plain, sources, toll, TYPES, when, where } from "./words.js";

const AT_ONCE = 100;
const SETTLE_MS = 400; // alerts that come together are shown together
const FRESH_MS = 60000;
const ANEW_MS = 60000; // what changes without an alert shows after so long
const list = document.getElementById("list");
const more = document.getElementById("more");
const map = new WorldMap(document.getElementById("map"));
const shown = new Map(); // incident id → incident, in the order of the list
const fresh = new Map(); // incident id → until when it is marked as just changed
let onward = null; // where the next page begins
let unseen = 0;
let waiting = null;

const given = new URLSearchParams(location.search);
const filters = document.getElementById("filters");
for (const type of TYPES) document.getElementById("types").append(el("option", { value: type }, plain(type)));
for (const field of filters.elements) if (field.name) field.value = given.get(field.name) ?? "";
document.getElementById("sift").open = matchMedia("(min-width: 60rem)").matches || given.size > 0;
filters.addEventListener("formdata", (event) => {
  for (const [name, text] of [...event.formData]) if (text === "") event.formData.delete(name);
});

function query(cursor) {
  const asked = new URLSearchParams({ limit: AT_ONCE, status: "open,retracted" });
  for (const [name, text] of given) if (text !== "") asked.set(name, text);
  if (cursor) asked.set("cursor", cursor);
  return `/api/v1/incidents?${asked}`;
}

/** The first page; what was read further down stays below it. */
async function refresh() {
  const page = await ask(query(null));
  const before = [...shown.values()];
  const first = new Set(page.incidents.map((each) => each.incident_id));
  const last = page.incidents.at(-1)?.updated_at;
  const below = before.length > AT_ONCE ? before.filter((each) => !first.has(each.incident_id) && each.updated_at <= last) : [];
  shown.clear();
  for (const each of [...page.incidents, ...below]) shown.set(each.incident_id, each);
  if (below.length === 0) onward = page.next_cursor;
  document.getElementById("reach").textContent = page.newest_item_at ? `items up to ${at(page.newest_item_at)}` : "no items yet";
  draw();
  notice(null);
  return page.newest_alert;
}

function draw() {
  list.replaceChildren(...[...shown.values()].map(entry));
  if (shown.size === 0) list.append(el("li", { class: "none" }, "No incidents to show."));
  const unplaced = map.show([...shown.values()]);
  document.getElementById("unplaced").textContent = unplaced ? `${unplaced} without a known point` : "";
  more.hidden = onward === null;
}

/** One incident: how grave, what kind of news, what, where, when, how many, how sure, what changed. */
function entry(incident) {
  const alert = incident.last_alert;
  const kind = incident.status === "retracted" ? "retraction" : alert?.kind;
  const news = alert ? `${MARKS[kind] ?? kind} ${at(alert.sent_at)}` : `not announced · ${at(incident.updated_at)}`;
  const since = alert && incident.updated_at > alert.sent_at ? `told again ${at(incident.updated_at)}` : null;
  const changed = alert && alert.kind !== "new" && alert.reason.length ? `changed: ${alert.reason.join("; ")}` : null;
  const marked = (fresh.get(incident.incident_id) ?? 0) > Date.now();
  return el(
    "li", { class: `entry ${incident.severity} ${incident.status}${marked ? " fresh" : ""}`, id: `i-${incident.incident_id}` },
    el("p", { class: "news" }, el("b", { class: `severity ${incident.severity}` }, incident.severity), el("span", {}, news), el("span", {}, since)),
    el("h2", {}, el("a", { href: pageOf(incident.incident_id) }, incident.title)),
    el("p", { class: "facts" }, el("span", { class: "toll" }, toll(incident)), el("span", {}, where(incident)), el("span", {}, when(incident.when))),
    el(
      "p", { class: "standing" },
      el("abbr", { title: grade(incident.grade) }, incident.grade), el("span", {}, sources(incident.independent_sources)),
      ["failed", "intercepted"].includes(incident.outcome) ? el("span", {}, incident.outcome) : null,
      incident.contested.length ? el("span", { class: "contested" }, `contested: ${incident.contested.map(plain).join(", ")}`) : null,
    ),
    changed ? el("p", { class: "changed" }, changed) : null,
  );
}

function news(alert) {
  fresh.set(alert.incident_id, Date.now() + FRESH_MS);
  document.getElementById("spoken").textContent = alert.headline;
  if (document.hidden) unseen += 1;
  document.title = unseen ? `(${unseen}) tocsin` : "tocsin";
  if (alert.kind === "merge") shown.delete(alert.incident_id);
  later();
}

function later() {
  waiting ??= setTimeout(() => {
    waiting = null;
    refresh().catch(failed);
  }, SETTLE_MS);
}

function failed(error) {
  notice(`The list could not be read: ${error.message}`);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = "tocsin";
});
more.addEventListener("click", async () => {
  const page = await ask(query(onward)).catch(failed);
  for (const each of page?.incidents ?? []) shown.set(each.incident_id, each);
  if (page) onward = page.next_cursor;
  draw();
});
document.getElementById("fit").addEventListener("click", () => map.fit());
document.getElementById("world").addEventListener("click", () => map.world());

clock();
const newest = await refresh().catch(failed);
map.fit();
if (given.get("as_of")) say("then", `AS KNOWN AT ${given.get("as_of").replace("T", " ")} UTC, not live`);
else {
  follow(newest, news, later);
  setInterval(later, ANEW_MS);
}
