// The bell keeps its count while a page is open. What came while it was out of hearing, it asks for.

import { join } from "./room.js";

const bell = document.querySelector("[data-bell]");
const count = bell.querySelector("[data-count]");

function show(unread) {
  count.textContent = unread;
  count.hidden = count.nextElementSibling.hidden = !unread;
}

async function ask() {
  const answer = await fetch(bell.dataset.unread, { headers: { Accept: "application/json" } });
  if (answer.ok && !answer.redirected) show((await answer.json()).notif_count);
}

let wasOff = false;
join("/notifs", {
  hear(message) {
    if (!("notif_count" in message)) return;
    show(message.notif_count);
    document.body.dispatchEvent(new CustomEvent("notified", { detail: message }));
  },
  be(on) {
    if (on && wasOff) ask().catch(() => {});
    wasOff = !on;
  },
});
