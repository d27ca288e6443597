// The map: outlines of countries, a dot for each incident whose place is known, a ring where it is known roughly only.

import { pageOf, svg } from "./dom.js";
import { toll, where } from "./words.js";

const KM_PER_DEGREE = 111.2;
const LEAST_DEGREES = 12; // shown at least, from side to side
const WORLD = [-180, -85, 360, 170];
const RANK = ["minor", "moderate", "severe", "extreme"];

export class WorldMap {
  constructor(element) {
    this.element = element;
    this.layer = svg("g");
    this.element.append(
      svg("use", { href: "/static/world.svg#land", class: "land" }),
      svg("use", { href: "/static/world.svg#borders", class: "borders" }),
      this.layer,
    );
    this.points = [];
    this.view(WORLD);
  }

  /** Draws incidents, the gravest on top; returns how many have no known point. */
  show(incidents) {
    const placed = incidents.filter((each) => spot(each) !== null);
    placed.sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
    this.points = placed.map((incident) => ({ incident, ...spot(incident) }));
    this.draw();
    return incidents.length - placed.length;
  }

  draw() {
    const unit = this.width / Math.max(this.element.clientWidth || 600, 200); // degrees a pixel
    this.layer.replaceChildren(...this.points.flatMap((point) => mark(point, unit)));
  }

  /** Around all dots. */
  fit() {
    if (this.points.length === 0) return this.view(WORLD);
    const xs = this.points.map((each) => each.x);
    const ys = this.points.map((each) => each.y);
    const span = Math.max(Math.max(...xs) - Math.min(...xs), 2 * (Math.max(...ys) - Math.min(...ys)), LEAST_DEGREES) * 1.25;
    const middle = [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2];
    return this.view([middle[0] - span / 2, middle[1] - span / 4, span, span / 2]);
  }

  world() {
    this.view(WORLD);
  }

  view(box) {
    this.width = box[2];
    this.element.setAttribute("viewBox", box.join(" "));
    this.draw();
  }
}

/** Where the dot goes, and how far around the place may lie; null where no point is known. */
function spot(incident) {
  const place = incident.places.find((each) => each.role === "target") ?? incident.places[0];
  if (!place || place.lat === null || place.lon === null || place.precision === "country") return null;
  const around = place.precision === "admin1" ? (place.radius_km ?? 0) / KM_PER_DEGREE : 0;
  return { x: place.lon, y: -place.lat, around };
}

function mark({ incident, x, y, around }, unit) {
  const size = (4 + 2 * RANK.indexOf(incident.severity)) * unit;
  const ring = around > size ? [svg("circle", { cx: x, cy: y, r: around, class: `ring ${incident.severity}` })] : [];
  const gone = incident.status === "open" ? "" : " gone";
  const dot = svg("circle", { cx: x, cy: y, r: size, class: `dot ${incident.severity}${gone}` });
  const words = svg("title", {}, `${incident.title}\n${where(incident)}\n${toll(incident)}`);
  return [...ring, svg("a", { href: pageOf(incident.incident_id), "data-id": incident.incident_id }, dot, words)];
}
