// Values in words, as short as they can be read at a glance. Unknown is said to be unknown.

const REGIONS = new Intl.DisplayNames(["en"], { type: "region" });
const LETTERS = {
  A: "completely reliable", B: "usually reliable", C: "fairly reliable", D: "not usually reliable", E: "unreliable",
  F: "reliability not known",
};
const DIGITS = { 1: "confirmed", 2: "probably true", 3: "possibly true", 4: "doubtful", 5: "improbable", 6: "cannot be judged" };
export const MARKS = {
  new: "● NEW", update: "▲ UPDATE", correction: "◆ CORRECTION", merge: "■ MERGED", retraction: "✕ RETRACTED",
};
export const TYPES = [
  "airstrike", "drone_strike", "missile_rocket_artillery", "bombing", "suicide_bombing", "landmine", "shooting", "assault",
  "armed_clash", "assassination", "abduction", "arson_destruction", "raid_arrest", "protest", "riot", "sexual_violence",
  "explosion_unattributed", "statement_threat", "accident_disaster",
];

/** `missile_rocket_artillery` → `missile rocket artillery`. */
export function plain(name) {
  return String(name).replaceAll("_", " ");
}

export function country(code) {
  try {
    return code ? REGIONS.of(code) : "";
  } catch {
    return code;
  }
}

/** Where it happened, and how exactly that is known. */
export function where(incident) {
  const place = incident.places.find((each) => each.role === "target") ?? incident.places[0];
  if (!place) return "place unknown";
  const named = [place.name ?? place.text, place.admin1, country(place.country)];
  const words = named.filter((each, at) => each && named.indexOf(each) === at).join(", ");
  if (place.role !== "target") return `${place.role}: ${words}`;
  return ["admin1", "country"].includes(place.precision) ? `somewhere in ${words}` : words;
}

/** `3`, `3+`, `3–6`; null where unknown. */
export function range(tally) {
  if (!tally || (tally.min === null && tally.max === null)) return null;
  if (tally.min === tally.max) return String(tally.min);
  return tally.max === null ? `${tally.min}+` : `${tally.min ?? 0}–${tally.max}`;
}

/** Killed and injured as ranges. */
export function toll(incident) {
  const said = [["killed", incident.killed], ["injured", incident.injured], ["attackers killed", incident.attackers_killed]];
  const known = said.filter(([, tally]) => range(tally) !== null).map(([what, tally]) => `${what} ${range(tally)}`);
  return known.length ? known.join(", ") : "toll unknown";
}

export function grade(code) {
  return `${LETTERS[code[0]] ?? ""}, ${DIGITS[code[1]] ?? ""}`;
}

export function sources(count) {
  return `${count} independent source${count === 1 ? "" : "s"}`;
}

/** When it happened, on the clock of the place. */
export function when(interval) {
  if (!interval) return "time unknown";
  const exact = ["minute", "hour"].includes(interval.precision);
  if (!exact) return `${interval.precision === "day" ? "" : `${interval.precision} of `}${day(interval.local_date ?? interval.start)}`;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone(interval.tz) };
  const at = new Intl.DateTimeFormat("en-GB", clock).format(new Date(interval.start));
  const around = interval.precision === "hour" ? "about " : "";
  return `${day(interval.local_date ?? interval.start)}, ${around}${at} ${interval.tz ? "local" : "UTC"}`;
}

function zone(name) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name ?? "UTC" });
    return name ?? "UTC";
  } catch {
    return "UTC";
  }
}

function day(text) {
  return new Date(text.length === 10 ? `${text}T00:00:00Z` : text).toLocaleDateString("en-GB", {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  });
}

/** An instant in UTC. */
export function at(time) {
  if (!time) return "";
  return `${new Date(time).toLocaleString("en-GB", {
    day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC",
  })} UTC`;
}

/** A claim's value, which may be a count, a name or a text. */
export function value(given) {
  if (given === null || given === undefined) return "";
  if (typeof given !== "object") return String(given);
  return range({ min: given.min ?? null, max: given.max ?? null }) ?? given.name ?? given.text ?? JSON.stringify(given);
}
