// A new event: the browser's own zone and money, an end after the start, more tickets, and only the fields that count.

const form = document.querySelector("[data-new-event]");
const list = form.querySelector("[data-list]");
const paying = form.querySelector("[data-paying]");
const count = form.querySelector("[data-rows]");
const zone = form.elements.timezone;
const money = form.querySelector("[data-zones]");
const currency = form.elements.payment_currency;
const [starts, ends] = [form.elements.starts_at, form.elements.ends_at];
const currencies = JSON.parse(money.dataset.zones);

let chosen = currency.value !== "";
const likely = () => currencies[zone.value] || money.dataset.elsewhere;
function guessCurrency() {
  if (!chosen) currency.value = likely();
  for (const label of list.querySelectorAll("[data-price] label")) label.textContent = `Price, in ${currency.value}`;
}

if ("guess" in money.dataset) {
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === mine)) zone.value = mine;
}
zone.addEventListener("change", guessCurrency);
currency.addEventListener("change", () => {
  chosen = true;
  guessCurrency();
});

// Two hours later, unless an end is said.
starts.addEventListener("change", () => {
  if (ends.value || !starts.value) return;
  const end = new Date(`${starts.value}Z`);
  end.setUTCHours(end.getUTCHours() + 2);
  ends.value = end.toISOString().slice(0, 16);
});

function showWhatCounts() {
  let costs = false;
  for (const row of list.querySelectorAll("[data-row]")) {
    const isPaid = row.querySelector("select").value === "paid";
    row.querySelector("[data-price]").hidden = !isPaid;
    costs ||= isPaid;
  }
  paying.hidden = !costs;
  form.elements.bank_details.closest("div").hidden = !form.elements.can_pay_by_bank.checked;
}

function serve(row) {
  const button = row.querySelector("[data-remove]");
  button.hidden = row === list.firstElementChild;
  button.addEventListener("click", () => {
    const before = row.previousElementSibling;
    row.querySelector("input").value = ""; // a row without a name is left out, so the numbers of the others stay
    row.hidden = true;
    row.querySelector("select").value = "free";
    showWhatCounts();
    before?.querySelector("input").focus();
  });
}

form.querySelector("[data-add]").addEventListener("click", (event) => {
  event.preventDefault();
  const holder = document.createElement("div");
  const number = Number(count.value);
  holder.innerHTML = form.querySelector("template").innerHTML.replaceAll("__number__", number);
  const row = holder.firstElementChild;
  row.querySelector("legend").textContent = `Ticket ${number + 1}`;
  list.append(row);
  count.value = number + 1;
  serve(row);
  guessCurrency();
  showWhatCounts();
  row.querySelector("input").focus();
});

for (const row of list.querySelectorAll("[data-row]")) serve(row);
form.addEventListener("change", showWhatCounts);
guessCurrency();
showWhatCounts();
