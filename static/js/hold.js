// Counts a hold down by the server's clock, and reads the page again when it has ended.

for (const hold of document.querySelectorAll("[data-hold]")) {
  const ends = Date.parse(hold.dataset.hold);
  const skew = Date.parse(hold.dataset.now) - Date.now();
  const left = hold.querySelector("[data-left]");
  const until = hold.querySelector("[data-until]");
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  until.textContent = new Date(ends).toLocaleTimeString(document.documentElement.lang, clock);

  const tick = () => {
    const seconds = Math.ceil((ends - Date.now() - skew) / 1000);
    if (seconds <= 0) return location.reload();
    const minutes = Math.ceil(seconds / 60);
    left.textContent = seconds > 90 ? `${minutes} minutes left.` : `${seconds} second${seconds === 1 ? "" : "s"} left.`;
    setTimeout(tick, 1000);
  };
  tick();
}
