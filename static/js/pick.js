// Choosing several of many: a search that narrows the list, and how many are chosen. Without script the list is whole.

for (const pick of document.querySelectorAll("[data-pick]")) {
  const list = pick.querySelector("[data-pick-list]");
  const search = pick.querySelector("[data-pick-search]");
  if (!list || !search) continue;
  const count = pick.querySelector("[data-pick-count]");
  const lines = [...list.children];
  const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // Those who are chosen come first, so that a long list need not be read to see them.
  lines.sort((one, other) => other.querySelector("input").checked - one.querySelector("input").checked);
  list.append(...lines);

  function show() {
    const sought = folded(search.querySelector("input").value).split(/\s+/);
    for (const line of lines) line.hidden = !sought.every((word) => folded(line.textContent).includes(word));
    count.textContent = `${list.querySelectorAll("input:checked").length} chosen`;
  }
  search.hidden = lines.length < 8;
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  list.addEventListener("change", show);
  show();
}
