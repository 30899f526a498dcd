// Every page: colours by choice, messages that leave, focus on what went wrong. Nothing here is needed to buy.

const root = document.documentElement;

function choose(theme) {
  if (theme) root.dataset.bsTheme = theme;
  else delete root.dataset.bsTheme;
  const age = theme ? 31536000 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${age}; SameSite=Lax${secure}`;
  showChoice();
}

function showChoice() {
  for (const button of document.querySelectorAll("[data-theme]"))
    button.setAttribute("aria-pressed", button.dataset.theme === (root.dataset.bsTheme || ""));
}

for (const group of document.querySelectorAll("[data-themes]")) {
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme]");
    if (button) choose(button.dataset.theme);
  });
  showChoice();
}

for (const toast of document.querySelectorAll("[data-toast]")) {
  const close = toast.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (toast.dataset.toast === "error") continue;
  let leaving;
  const wait = () => (leaving = setTimeout(() => toast.remove(), 10000));
  const stay = () => clearTimeout(leaving);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("focusout", wait);
  wait();
}

document.querySelector("[data-focus]")?.focus();

// A second press of the same button asks for nothing new.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}
