// A ticket type: only the prices that its kind has.

const form = document.querySelector("[data-kinds]");
const kind = form.elements.type;

function showPrices() {
  for (const part of form.querySelectorAll("[data-kind]"))
    part.hidden = !kind.value.startsWith(part.dataset.kind) && !part.querySelector("[aria-invalid]");
}

kind.addEventListener("change", showPrices);
showPrices();
