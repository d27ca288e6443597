// One incident: what is known, in whose words, from which item; who claims what; what each version changed.

import { ask, away, el, notice, pageOf } from "./dom.js";
import { clock, follow, say } from "./live.js";
import { at, grade, MARKS, plain, sources, toll, value, when, where } from "./words.js";

const id = decodeURIComponent(location.pathname.split("/").pop());
const given = new URLSearchParams(location.search);
const place = document.getElementById("incident");

async function load() {
  const asked = new URLSearchParams([...given].filter(([name]) => ["version", "as_of"].includes(name)));
  const found = await ask(`/api/v1/incidents/${encodeURIComponent(id)}?${asked}`);
  document.title = `${found.title} · tocsin`;
  const links = new Map(found.sources.map((each) => [each.item, each.url]));
  place.replaceChildren(
    head(found), values(found, links), claims(found, links), versions(found, links), items(found), alerts(found), related(found),
    found.explanation.text ? el("details", {}, el("summary", {}, "Why its items are together, in full"), el("pre", {}, found.explanation.text)) : "",
  );
  notice(null);
  return found;
}

/** The item by name, linked to where it was published where that is known. */
function item(ref, links) {
  return links.get(ref) ? away(links.get(ref), ref) : el("span", {}, ref ?? "");
}

function head(found) {
  const merged = found.merged_into ? [" into ", el("a", { href: pageOf(found.merged_into) }, found.merged_into)] : [];
  const status = found.status === "open" ? [] : [el("b", { class: "contested" }, found.status), ...merged];
  return el(
    "section", { class: `head ${found.severity} ${found.status}` },
    el("p", { class: "news" }, el("b", { class: `severity ${found.severity}` }, found.severity), el("span", {}, plain(found.event_type)), ...status),
    el("h2", {}, found.title),
    el("p", { class: "facts" }, el("span", { class: "toll" }, toll(found)), el("span", {}, where(found)), el("span", {}, when(found.when))),
    el(
      "p", { class: "standing" },
      el("abbr", { title: grade(found.grade) }, found.grade), el("span", {}, grade(found.grade)),
      el("span", {}, sources(found.independent_sources)), el("span", {}, `confidence ${found.confidence.toFixed(2)}`),
      found.contested.length ? el("span", { class: "contested" }, `contested: ${found.contested.map(plain).join(", ")}`) : null,
    ),
    el("p", { class: "small" }, `version ${found.version}, ${at(found.updated_at)}; first reported ${at(found.first_reported_at)}; ${found.incident_id}`),
  );
}

function values(found, links) {
  const known = {
    event_type: plain(found.event_type), when: when(found.when), outcome: found.outcome, places: names(found.places),
    perpetrators: names(found.perpetrators), targets: names(found.targets), weapons: names(found.weapons),
    killed: best(found.killed), injured: best(found.injured), attackers_killed: best(found.attackers_killed),
  };
  const rows = found.explanation.values.map((each) =>
    el("tr", {}, el("th", { scope: "row" }, plain(each.slot)), el("td", {}, known[each.slot] ?? ""), el("td", {}, el("ul", {}, each.said.map((one) => said(one, links))))),
  );
  const none = el("p", { class: "small" }, "The items of this incident are no longer kept in the working set; its claims are below.");
  return section("What is known, and whose words say so", rows.length ? el("table", {}, el("tbody", {}, rows)) : none);
}

function names(several) {
  const words = several.map((each) => `${each.name ?? (each.text || plain(each.type ?? each.kind))}${each.role && each.role !== "target" ? ` (${each.role})` : ""}${each.certainty ? ` (${each.certainty})` : ""}`);
  return [...new Set(words)].join(", ");
}

function best(tally) {
  return tally ? `${value(tally)}${tally.min === tally.max ? "" : `, best ${tally.best}`}` : "";
}

function said(one, links) {
  const who = one.by ? `${one.by} ${one.stance ?? "says"}, in ` : "";
  const counts = one.standing && one.standing !== "counts" ? el("i", {}, ` (${one.standing})`) : "";
  return el("li", {}, one.words ? el("q", {}, one.words) : plain(one.value), one.words && plain(one.value) !== one.words ? ` → ${plain(one.value)}` : "", counts, el("span", { class: "small" }, " ", who, item(one.item, links), ` ${at(one.at)}`));
}

/** By speaker, each with what it claims, reports, confirms, suspects or denies. */
function claims(found, links) {
  const speakers = new Map();
  for (const claim of found.claims) speakers.set(claim.by, [...(speakers.get(claim.by) ?? []), claim]);
  const blocks = [...speakers].map(([by, ours]) =>
    el("div", { class: "speaker" }, el("h4", {}, by || "unnamed", ours[0].anonymous ? " (unnamed)" : ""), el("ul", {}, ours.map((claim) => one(claim, links)))),
  );
  return section("Claims, by speaker", ...(blocks.length ? blocks : [el("p", {}, "None.")]));
}

function one(claim, links) {
  return el("li", {}, el("b", { class: `stance ${claim.stance}` }, claim.stance), ` ${plain(claim.slot)}: ${value(claim.value)} `, el("q", {}, claim.quote), el("span", { class: "small" }, " ", item(claim.item, links), ` ${at(claim.at)}`));
}

function versions(found, links) {
  const rows = found.versions.toReversed().map((each) =>
    el(
      "li", { value: each.version },
      el("a", { href: `${pageOf(found.incident_id)}?version=${each.version}` }, `${at(each.updated_at)}`), ` ${each.incident.grade}, ${toll(each.incident)}`,
      el("ul", {}, each.changed.map((what) => el("li", {}, what)), each.notes.map((note) => el("li", { class: "small" }, note))),
      each.item ? el("span", { class: "small" }, "after ", item(each.item, links)) : "",
    ),
  );
  return section("Versions, and what each changed", el("ol", { class: "versions", reversed: "" }, rows));
}

function items(found) {
  const rows = found.sources.map((each) =>
    el("li", {}, each.url ? away(each.url, each.title || each.item) : (each.title || each.item), el("span", { class: "small" }, ` ${each.source_id}, ${each.channel ?? ""} ${at(each.published_at)} ${each.item}`)),
  );
  return section("Items", el("ul", {}, rows));
}

function alerts(found) {
  const rows = found.alerts.map((each) => el("li", {}, `${MARKS[each.kind] ?? each.kind} ${at(each.sent_at)} ${each.reason.join("; ")}`));
  return section("Alerts", rows.length ? el("ul", {}, rows) : el("p", {}, "None was sent."));
}

function related(found) {
  if (found.related.length === 0) return "";
  return section("Related", el("ul", {}, found.related.map((each) => el("li", {}, `${plain(each.relation)} `, el("a", { href: pageOf(each.incident_id) }, each.incident_id), each.quote ? el("q", {}, each.quote) : ""))));
}

function section(title, ...content) {
  return el("section", {}, el("h3", {}, title), ...content);
}

function failed(error) {
  notice(`This incident could not be read: ${error.message}`);
  say("lost", "not loaded");
}

clock();
const found = await load().catch(failed);
const then = given.get("version") ? `VERSION ${given.get("version")}` : given.get("as_of") ? `AS KNOWN AT ${given.get("as_of")}` : null;
if (then) say("then", `${then}, not live`);
else if (found) {
  const again = () => load().catch(failed);
  follow(found.alerts.at(-1)?.alert_id, (alert) => alert.incident_id === id && again(), again);
}
