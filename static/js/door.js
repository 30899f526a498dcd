// The door: what the camera, a hand scanner or fingers read goes to the server; its verdict fills the screen.
// What comes back is put in as text, never as HTML.

import { Camera } from "./door-camera.js";
import { listenForScanner } from "./door-keys.js";
import { sound, wakeSound } from "./door-sounds.js";

const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const all = (name, within = document) => within.querySelectorAll(`[data-${name}]`);

const door = find("door");
const address = door.dataset.door;
const scanForm = find("scan");
const codeField = scanForm.elements.code;
const box = find("verdict");
const looks = Object.fromEntries(
  [...all("look")].map(({ dataset }) => [dataset.look, { colour: dataset.colour, picture: dataset.picture }]),
);
const WAIT = 10000; // milliseconds for an answer
const GO_ON = { in: 1200, out: 1200, undone: 1200, again: 3000, refused: 3000 }; // express

const kept = (name) => localStorage.getItem(`door.${name}`);
const keep = (name, value) => localStorage.setItem(`door.${name}`, value);

// ── Asking the server ────────────────────────────────────────────────────────────────────────────

let asking = false;
let unsent = null; // what was scanned while the network was away

const words = {
  403: ["You may not work at this door", "Somebody has taken that from you, or you signed in as somebody else."],
  404: ["This is not here any more", "Load the page again."],
};

async function ask(to, fields) {
  if (asking) return;
  asking = true;
  camera.rests = true;
  box.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(to, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(WAIT),
    });
    if (answer.ok) show(await answer.json());
    else if (answer.type === "opaqueredirect") tell("You are signed out", "Load the page again and sign in.");
    else if (words[answer.status]) tell(...words[answer.status]);
    else lose(to, fields, "The server did not answer as it should.");
  } catch {
    lose(to, fields, "The network is away.");
  } finally {
    asking = false;
    box.removeAttribute("aria-busy");
  }
}

function scan(code) {
  if (unsent) return sound("refused", isLoud());
  const fields = new FormData(scanForm);
  fields.set("code", code);
  ask(address, fields);
}

// ── The verdict ──────────────────────────────────────────────────────────────────────────────────

function show(verdict) {
  find("offline").hidden = true;
  unsent = null;
  say(verdict);
  for (const form of all("verb", box)) {
    form.hidden = !verdict.offers.includes(form.dataset.verb);
    form.action = `${address}/${verdict.number}/${form.dataset.verb}`;
  }
  find("waiting", box).textContent = verdict.waiting;
  const order = find("order", box);
  if (order) {
    order.hidden = !verdict.order;
    order.href = verdict.order;
  }
  sound(verdict.kind, isLoud());
  countSoon();
  searchAgain();
}

// A message of the page itself, which is no verdict about anybody.
function tell(title, detail) {
  say({ kind: "refused", title, detail, name: "", ticket: "", several: [] });
  for (const form of all("verb", box)) form.hidden = true;
  if (find("order", box)) find("order", box).hidden = true;
  sound("refused", isLoud());
}

function say(verdict) {
  const part = find("words").content.cloneNode(true);
  for (const name of ["title", "name", "ticket", "detail"]) find(name, part).textContent = verdict[name];
  const look = looks[verdict.kind];
  find("picture", part).querySelector("use").setAttribute("href", `${door.dataset.sprite}#${look.picture}`);
  for (const one of verdict.several) {
    const line = find("line").content.cloneNode(true);
    for (const name of ["name", "title", "detail"]) find(name, line).textContent = one[name];
    find("several", part).append(line);
  }
  const isBad = verdict.kind === "refused";
  find("good").replaceChildren(...(isBad ? [] : [part]));
  find("bad").replaceChildren(...(isBad ? [part] : []));
  box.className = `verd ${look.colour}`;
  box.dataset.kind = verdict.kind;
  find("retry").hidden = find("drop").hidden = true;
  at("scan");
  rest(verdict.kind);
}

function lose(to, fields, why) {
  tell("Not sent", `${why} What was scanned is kept: try again when it is back, or decide without us.`);
  unsent = { to, fields };
  goOn();
  find("offline").hidden = false;
  find("retry").hidden = find("drop").hidden = false;
}

const retry = () => unsent && ask(unsent.to, unsent.fields);
find("retry").addEventListener("click", retry);
addEventListener("online", retry);
addEventListener("offline", () => (find("offline").hidden = false));
find("drop").addEventListener("click", () => {
  unsent = null;
  tell("Not sent", "Forgotten: nothing was written down.");
});

// ── Going on ─────────────────────────────────────────────────────────────────────────────────────

const express = find("express");
let going;

// The camera rests behind a verdict until somebody has read it; in express mode for a moment only.
function rest(kind) {
  clearTimeout(going);
  if (express.checked) going = setTimeout(goOn, GO_ON[kind]);
  else find("next").hidden = !camera.isOn;
}

function goOn() {
  clearTimeout(going);
  camera.rests = Boolean(unsent);
  find("next").hidden = true;
}

find("next").addEventListener("click", goOn);

// ── Camera, torch, sound, gate ───────────────────────────────────────────────────────────────────

const video = find("video");
const camera = new Camera(video, { reader: door.dataset.reader, wasm: door.dataset.wasm, found: scan });

async function startCamera() {
  wakeSound();
  find("start").disabled = true;
  const problem = await camera.start();
  find("start").disabled = false;
  find("camera-words").textContent = problem;
  video.hidden = find("frame").hidden = find("hint").hidden = Boolean(problem);
  find("no-camera").hidden = !problem;
  find("torch").hidden = Boolean(problem) || !camera.hasTorch;
  if (!problem) goOn();
}

find("camera").hidden = false;
find("start").addEventListener("click", startCamera);
navigator.permissions
  ?.query({ name: "camera" })
  .then((permission) => permission.state === "granted" && startCamera())
  .catch(() => {}); // a browser that does not know this question asks when the button is pressed

find("torch").addEventListener("click", ({ currentTarget: torch }) => {
  const on = torch.getAttribute("aria-pressed") !== "true";
  camera.lightTorch(on).then(() => torch.setAttribute("aria-pressed", on));
});

const soundButton = find("sound");
const isLoud = () => soundButton.getAttribute("aria-pressed") === "true";

function setSound(on) {
  soundButton.setAttribute("aria-pressed", on);
  find("on", soundButton).toggleAttribute("hidden", !on);
  find("off", soundButton).toggleAttribute("hidden", on);
  keep("sound", on ? "on" : "off");
}

soundButton.hidden = false;
setSound(kept("sound") !== "off");
soundButton.addEventListener("click", () => setSound(!isLoud()));
addEventListener("pointerdown", wakeSound, { once: true });
addEventListener("keydown", wakeSound, { once: true });

find("scripted").hidden = false;
express.checked = kept("express") === "yes";
express.addEventListener("change", () => keep("express", express.checked ? "yes" : "no"));

// Its name belongs to the device: it is the same after the browser was closed.
const gate = find("settings").elements.gate;
if (gate.value) keep("gate", gate.value);
else if (kept("gate")) {
  gate.value = kept("gate");
  find("gate").textContent = gate.value;
  for (const field of all("gate-field")) field.value = gate.value;
  for (const template of document.querySelectorAll("template"))
    for (const field of all("gate-field", template.content)) field.setAttribute("value", gate.value);
}
find("settings").addEventListener("submit", () => keep("gate", gate.value.trim()));

// ── Typing, hand scanners, buttons ───────────────────────────────────────────────────────────────

scanForm.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  delete scanForm.dataset.sent;
  const code = codeField.value.trim();
  codeField.value = "";
  if (code) scan(code);
});

listenForScanner(scan);

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-verb], [data-person-verb]");
  if (!form) return;
  event.preventDefault();
  delete form.dataset.sent;
  ask(form.action, new FormData(form));
});

// ── Search ───────────────────────────────────────────────────────────────────────────────────────

const findForm = find("find");
const sought = findForm.elements.q;
const list = find("people");
let typing;
let latest = 0;

async function search() {
  const mine = ++latest;
  const text = sought.value.trim();
  if (!text) {
    list.hidden = true;
    find("found").textContent = "";
    return;
  }
  let people;
  try {
    const answer = await fetch(`${findForm.dataset.find}?${new URLSearchParams({ q: text })}`);
    people = (await answer.json()).people;
  } catch {
    if (mine === latest) find("found").textContent = "The search did not reach the server. Try again.";
    return;
  }
  if (mine !== latest) return;
  list.replaceChildren(...people.map(lineOf));
  list.hidden = !people.length;
  find("found").textContent = howMany(people.length);
}

function howMany(count) {
  if (!count) return "Nobody here is called so.";
  if (count >= Number(list.dataset.most)) return `The first ${count}: type more of the name`;
  return count === 1 ? "1 person" : `${count} people`;
}

function lineOf(person) {
  const line = find("person").content.cloneNode(true);
  for (const name of ["name", "ticket", "order", "state"]) find(name, line).textContent = person[name];
  for (const whom of all("whom", line)) whom.textContent = person.name;
  const state = find("state", line);
  state.hidden = !person.state;
  if (person.kind) state.classList.add(person.kind);
  const isExit = Boolean(scanForm.elements.way);
  const may = { in: person.may_enter && !isExit, out: person.is_in && isExit, undo: person.is_in && !isExit };
  for (const form of line.querySelectorAll("form")) {
    form.hidden = !may[form.dataset.personVerb];
    form.action = `${address}/${person.number}/${form.dataset.personVerb}`;
  }
  return line;
}

const searchAgain = () => list.hidden || search();
find("plain").hidden = true;
findForm.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
sought.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(search, 200);
});

// ── Counts, which also move at the other doors ───────────────────────────────────────────────────

const countsAddress = `${address}/counts?${new URLSearchParams(new FormData(scanForm).getAll("ticket").map((one) => ["ticket", one]))}`;
const OFTEN = 2200; // the server's numbers are up to two seconds old
const SELDOM = 15000;
let counting;
let isSoon = false;

function countSoon() {
  if (isSoon) return;
  isSoon = true;
  clearTimeout(counting);
  counting = setTimeout(count, OFTEN);
}

async function count() {
  isSoon = false;
  counting = setTimeout(count, SELDOM);
  if (document.hidden) return;
  const answer = await fetch(countsAddress).catch(() => null);
  if (!answer?.ok) return;
  const numbers = await answer.json();
  for (const place of all("count")) place.textContent = numbers[place.dataset.count];
  find("gone").hidden = !numbers.gone;
  find("bar").max = numbers.total || 1;
  find("bar").value = numbers.in;
}

counting = setTimeout(count, SELDOM);

// ── One screen at a time on a phone ──────────────────────────────────────────────────────────────

const screens = door.parentElement;

function at(place) {
  screens.dataset.at = place;
}

function arrive() {
  const isBeside = ["#people", "#this-door"].includes(location.hash);
  at(isBeside ? "people" : "scan");
  if (location.hash === "#people") sought.focus();
}

find("back").hidden = false;
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link) setTimeout(arrive); // also when the address names that place already
});
addEventListener("hashchange", arrive);
arrive();
