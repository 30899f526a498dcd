// A click anywhere in a card marks it read where it stands; a link in it is followed as well.

const cards = document.querySelector("[data-cards]");

async function markRead(form) {
  const options = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive: true };
  const answer = await fetch(form.action, options);
  if (!answer.ok || answer.redirected) return form.submit();
  const inside = form.contains(document.activeElement);
  for (const part of form.querySelectorAll("[data-new]")) part.remove();
  if (inside) form.closest("article").focus();
}

cards?.addEventListener("click", (event) => {
  const form = event.target.closest("article")?.querySelector("form[data-read]");
  if (!form?.querySelector("[data-new]") || event.target.closest("[name=go]")) return;
  if (!event.target.closest("a")) event.preventDefault();
  markRead(form);
});
