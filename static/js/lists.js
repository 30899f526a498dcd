// Lists that are sought and narrowed in place: busy while they load, and what is selected in them added up.

for (const form of document.querySelectorAll("[data-busy]")) {
  const found = document.getElementById(form.dataset.busy);
  form.addEventListener("htmx:beforeRequest", () => found.setAttribute("aria-busy", "true"));
  form.addEventListener("htmx:afterRequest", () => found.removeAttribute("aria-busy"));
}

function rowsOf(form) {
  return [...form.querySelectorAll("tbody input[type=checkbox]")];
}

function add(chosen) {
  const sums = new Map();
  for (const { dataset } of chosen) {
    if (dataset.currency) sums.set(dataset.currency, (sums.get(dataset.currency) || 0) + Number(dataset.amount));
  }
  const money = [...sums].map(([currency, sum]) => sum.toLocaleString("en", { style: "currency", currency }));
  return [`${chosen.length} selected`, ...money].join(" · ");
}

function show(form) {
  const rows = rowsOf(form);
  const chosen = rows.filter((box) => box.checked);
  const all = form.querySelector("[data-all]");
  const whole = form.querySelector("[data-select-all]");
  whole.checked = chosen.length > 0 && chosen.length === rows.length;
  whole.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  for (const box of rows) box.closest("tr").toggleAttribute("aria-selected", false);
  for (const box of chosen) box.closest("tr").setAttribute("aria-selected", "true");
  form.querySelector(".float").hidden = !chosen.length && !all.checked;
  form.querySelector("[data-selected]").textContent = add(chosen);
}

function wake() {
  for (const form of document.querySelectorAll("[data-selection]:not([data-awake])")) {
    form.dataset.awake = "yes";
    const whole = form.querySelector("[data-select-all]");
    whole.hidden = false;
    whole.addEventListener("change", () => {
      for (const box of rowsOf(form)) box.checked = whole.checked;
    });
    form.addEventListener("change", () => show(form));
    show(form);
  }
}

wake();
document.addEventListener("htmx:afterSettle", wake);
window.addEventListener("pageshow", () => document.querySelectorAll("[data-selection]").forEach(show));
