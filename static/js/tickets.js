// The ticket picker: plus and minus, and the total as the server computes it. Without script a button asks for it.

const form = document.querySelector("[data-picker]");
const sums = form.querySelector("[data-sum]");
const withoutScript = form.querySelectorAll("[data-without-script]");
const dock = document.querySelector("[data-dock]");
let asked;

for (const button of form.querySelectorAll("[data-step]")) {
  const input = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    input.value = next(input, Number(button.dataset.step));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
for (const button of withoutScript) button.hidden = true;

// From nothing the first step is the smallest order, and below it is nothing again.
function next(input, step) {
  const least = Number(input.dataset.least || 1);
  const most = Number(input.max || 999);
  const wanted = (Number(input.value) || 0) + step;
  if (wanted < least) return step > 0 ? least : 0;
  return Math.min(wanted, most);
}

function showLimits() {
  for (const input of form.querySelectorAll("[data-least]")) {
    const [fewer, more] = input.parentElement.querySelectorAll("[data-step]");
    fewer.disabled = !(Number(input.value) > 0);
    more.disabled = Number(input.value) >= Number(input.max || 999);
  }
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  sums.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.picker, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    sums.innerHTML = await answer.text();
    if (dock) dock.innerHTML = sums.querySelector("template").innerHTML;
    sums.removeAttribute("aria-busy");
  } catch (problem) {
    if (problem.name === "AbortError") return;
    for (const button of withoutScript) button.hidden = false; // the old way still works
  }
}

form.addEventListener("change", () => {
  showLimits();
  ask();
});
showLimits();
