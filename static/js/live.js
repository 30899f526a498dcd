// Keeps a page up to date with what happens in its room.
//
//   data-live-room="/rooms/event/x"   anywhere, once: which room; data-live-cursor: how far the page has heard of it
//   data-live="<address>"             read anew from that address when something happens: what the answer has in the
//                                     element of the same id, or else the whole answer
//   data-live-state                   says "live" or "live is off" ([data-live-on] and [data-live-off] in it, if there)
//
// The body gets the event `live` with each message (hx-trigger="live from:body"), also after an absence in which
// something was missed.

import { join } from "./room.js";

const PAUSE = 1000; // between two readings, however much happens
const WITHOUT = 60000; // while live is off
const room = document.querySelector("[data-live-room]")?.dataset.liveRoom;
let cursor = document.querySelector("[data-live-cursor]")?.dataset.liveCursor;
let reading = false;
let again = false;

function say(on) {
  for (const state of document.querySelectorAll("[data-live-state]")) {
    const words = { on: state.querySelector("[data-live-on]"), off: state.querySelector("[data-live-off]") };
    if (words.on) {
      words.on.hidden = !on;
      words.off.hidden = on;
    } else {
      state.textContent = on ? "live" : "live is off";
    }
    state.hidden = false;
  }
}

// What was opened stays open. Focus stays where it was: on the element of the same id, or on the same link.
function remember(place) {
  const open = [...place.querySelectorAll("details[id][open]")].map((details) => details.id);
  const refocus = rememberFocus(place);
  return () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    refocus();
  };
}

function rememberFocus(place) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  if (!focused) return () => {};
  const [id, href] = [focused.id, focused.getAttribute("href")];
  return () => {
    const links = [...place.querySelectorAll("a[href]")];
    (id ? document.getElementById(id) : links.find((link) => link.getAttribute("href") === href))?.focus({
      preventScroll: true,
    });
  };
}

async function renew(place) {
  const answer = await fetch(place.dataset.live, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return;
  const written = new DOMParser().parseFromString(await answer.text(), "text/html");
  const same = place.id ? written.getElementById(place.id) : null;
  const now = (same ?? written.body).innerHTML;
  if (now === place.dataset.liveShown) return;
  place.dataset.liveShown = now;
  const restore = remember(place);
  place.innerHTML = now;
  window.htmx?.process(place);
  restore();
}

async function read() {
  again = true;
  if (reading) return;
  reading = true;
  while (again) {
    again = false;
    await Promise.allSettled([...document.querySelectorAll("[data-live]")].map(renew));
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  reading = false;
}

function hear(message) {
  const isNews = !("cursor" in message) || String(message.cursor) !== cursor;
  if ("cursor" in message) cursor = String(message.cursor);
  if (!isNews) return;
  document.body.dispatchEvent(new CustomEvent("live", { detail: message }));
  read();
}

let poll;
function be(on) {
  say(on);
  clearInterval(poll);
  if (!on) poll = setInterval(() => document.hidden || read(), WITHOUT);
}

if (room) join(room, { hear, be });
