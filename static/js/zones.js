// Adds the reader's own clock behind the event's, when the two differ.

const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang;

const clock = (moment, zone) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(moment);
const day = (moment, zone) =>
  new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", timeZone: zone }).format(moment);

for (const place of document.querySelectorAll("[data-zone]")) {
  const [starts, ends] = [new Date(place.dataset.starts), new Date(place.dataset.ends)];
  const same = [starts, ends].every(
    (moment) => clock(moment, mine) === clock(moment, place.dataset.zone) && day(moment, mine) === day(moment, place.dataset.zone),
  );
  if (same) continue;
  const city = mine.split("/").pop().replaceAll("_", " ");
  const moved = day(starts, mine) !== day(starts, place.dataset.zone) ? `${day(starts, mine)}, ` : "";
  place.textContent = ` · for you in ${city} ${moved}${clock(starts, mine)} – ${clock(ends, mine)}`;
}
