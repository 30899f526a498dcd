// A part of a form that belongs to a switch shows only while it is on, or while something in it is wrong.

for (const part of document.querySelectorAll("[data-shown-by]")) {
  const box = document.getElementById(part.dataset.shownBy);
  const show = () => (part.hidden = !box.checked && !part.querySelector("[aria-invalid=true]"));
  box.addEventListener("change", show);
  show();
}
