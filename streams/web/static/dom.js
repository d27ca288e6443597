// Elements out of data. What sources wrote becomes text nodes only: there is no way from a text to markup in this file.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; null, undefined and "" children are left out. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== ""));
  return element;
}

/** A link out, only to http and https; anything else stays text. It tells the other side nothing of this page. */
export function away(url, text) {
  let parsed = null;
  try {
    parsed = new URL(url);
  } catch {
    return el("span", {}, text);
  }
  if (!["http:", "https:"].includes(parsed.protocol)) return el("span", {}, text);
  return el("a", { href: parsed.href, rel: "noopener noreferrer nofollow external", target: "_blank" }, text);
}

/** The address of an incident's page. */
export function pageOf(id) {
  return `/incidents/${encodeURIComponent(id)}`;
}

/** Data of this server. Throws an Error whose message can be shown. */
export async function ask(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" }, cache: "no-store" });
  const said = await answer.json();
  if (!answer.ok) throw new Error([said.parameter, said.detail].filter(Boolean).join(": "));
  return said;
}

/** Shows a message, or hides it. */
export function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text ?? "";
  place.hidden = !text;
}
