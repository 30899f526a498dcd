// “Same as buyer” folds a holder's own fields away and names the buyer in its label.

const buyer = (name) => document.querySelector(`[name=buyer-${name}]`);

for (const box of document.querySelectorAll("[data-same]")) {
  const own = document.getElementById(box.dataset.same);
  const show = () => (own.hidden = box.checked);
  box.addEventListener("change", show);
  show();
}

const names = document.querySelectorAll("[data-buyer-name]");
function nameBuyer() {
  const name = [buyer("firstname"), buyer("lastname")].map((input) => input?.value.trim()).filter(Boolean).join(" ");
  for (const place of names) place.textContent = name ? `: ${name}` : "";
}
document.addEventListener("input", nameBuyer);
nameBuyer();

// The billing address shows only to those who need an invoice.
for (const part of document.querySelectorAll("[data-shown-by]")) {
  const box = document.getElementById(part.dataset.shownBy);
  const show = () => (part.hidden = !box.checked && !part.querySelector("[aria-invalid=true]"));
  box.addEventListener("change", show);
  show();
}
