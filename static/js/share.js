// Shares or copies a link; the buttons show themselves only where they can work.

for (const button of document.querySelectorAll("[data-share], [data-copy]")) {
  const text = button.dataset.copy || button.dataset.share;
  const share = "share" in button.dataset && navigator.share;
  if (!share && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (share) return navigator.share({ url: text, title: document.title }).catch(() => {});
    await navigator.clipboard.writeText(text);
    const words = button.querySelector("[data-words]") || button;
    const before = words.textContent;
    words.textContent = "Copied";
    setTimeout(() => (words.textContent = before), 2000);
  });
}
