// A click anywhere in a card marks it read where it stands; a link in it is followed as well. New cards come by themselves.

const inbox = document.querySelector("[data-inbox]");

async function markRead(form) {
  const options = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive: true };
  const answer = await fetch(form.action, options);
  if (!answer.ok || answer.redirected) return form.submit();
  const inside = form.contains(document.activeElement);
  for (const part of form.querySelectorAll("[data-new]")) part.remove();
  if (inside) form.closest("article").focus();
}

inbox.addEventListener("click", (event) => {
  const form = event.target.closest("article")?.querySelector("form[data-read]");
  if (!form?.querySelector("[data-new]") || event.target.closest("[name=go]")) return;
  if (!event.target.closest("a")) event.preventDefault();
  markRead(form);
});

// Whoever is reading with the keyboard is not thrown out of a card.
document.body.addEventListener("notified", async ({ detail }) => {
  if (!detail.notifs.length || inbox.contains(document.activeElement)) return;
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const written = new DOMParser().parseFromString(await answer.text(), "text/html");
  inbox.replaceChildren(...written.querySelector("[data-inbox]").childNodes);
});
