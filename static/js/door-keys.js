// Hand scanners type like a keyboard, but faster than anybody's fingers, and end with Enter.

const FASTEST_FINGERS = 60; // milliseconds from key to key, in a field where somebody may be typing
const PATIENCE = 500; // the same elsewhere, where nobody types: some scanners are slow
const SHORTEST = 6;

export function listenForScanner(found) {
  let typed = "";
  let last = 0;
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const isField = event.target.matches?.("input:not([type=checkbox]), textarea, select");
      const isFast = event.timeStamp - last < (isField ? FASTEST_FINGERS : PATIENCE);
      last = event.timeStamp;
      if (event.key === "Enter") {
        const code = isFast && typed.length >= SHORTEST ? typed : "";
        typed = "";
        if (!code) return;
        event.preventDefault();
        event.stopPropagation();
        takeBack(event.target, code);
        found(code);
      } else if (event.key.length === 1) {
        typed = isFast ? typed + event.key : event.key;
      }
    },
    true,
  );
}

// What a scanner typed into the field that happened to have the cursor is no word of ours.
function takeBack(field, code) {
  if (!("value" in field) || !field.value.endsWith(code)) return;
  field.value = field.value.slice(0, -code.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
