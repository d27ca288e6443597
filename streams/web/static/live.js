// The stream of alerts, and whether it still flows: a page that stands still must not look like a quiet night.

const AGAIN_MS = 5000;
const state = document.getElementById("state");

/** Follows the alerts behind `after`; calls `onAlert` with each, `onReset` where some may have been missed. */
export function follow(after, onAlert, onReset) {
  let last = after;
  let since = null;
  const open = () => {
    const stream = new EventSource(`/api/v1/alerts/stream${last ? `?after=${encodeURIComponent(last)}` : ""}`);
    stream.addEventListener("open", () => {
      since = null;
      say("live", "live");
    });
    stream.addEventListener("alert", (event) => {
      last = event.lastEventId;
      onAlert(JSON.parse(event.data));
    });
    stream.addEventListener("reset", () => {
      last = null;
      onReset();
    });
    stream.addEventListener("error", () => {
      since ??= new Date().toISOString().slice(11, 16);
      say("lost", `NOT CONNECTED since ${since} UTC, trying again`);
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    });
  };
  open();
}

/** What the page shows is how fresh. */
export function say(kind, text) {
  state.className = `state ${kind}`;
  state.textContent = text;
}

/** The clock in the corner, in UTC. */
export function clock() {
  const place = document.getElementById("clock");
  const tick = () => {
    place.textContent = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  };
  tick();
  setInterval(tick, 1000);
}
